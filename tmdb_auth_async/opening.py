"""Open sessions: each in a task of its own, so that no cancel loses what the service has made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Generic, TypeVar

from .asking import Asker
from .closer import Closer
from .deadlines import Deadlines
from .errors import NoAnswer, Refused, TimedOut
from .journal import Journal
from .pool import Pool
from .ports import Ask
from .service import say
from .tally import Tally
from .values import Call, SessionValue

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D")

log = logging.getLogger("tmdb_auth_async")


class Opener:
    """Owns every opening of one manager."""

    def __init__(  # the parts of one manager
        self, asker: Asker, *, pool: Pool, closer: Closer, journal: Journal, tally: Tally, close_timeout_s: float
    ) -> None:
        """Open by way of *asker* and what *pool* has at hand; what nobody takes is closed by *closer*."""
        self.asker = asker
        self.pool = pool
        self.closer = closer
        self.journal = journal
        self.tally = tally
        self.close_timeout_s = close_timeout_s
        self.under_way: set[Opening[Any, Any]] = set()
        self.patience = Deadlines(asker.timeout_s)

    async def open(
        self,
        work: Callable[[Ask], Awaitable[R]],
        *,
        deliver: Callable[[R, tuple[str, ...]], D],
        take_back: Callable[[D], object],
        journalled: bool = True,
    ) -> D:
        """Do *work* and return what *deliver* makes of its result and its journal rows.

        What is not to stay *journalled* is the caller's alone once it is delivered.

        Whoever is cancelled meanwhile leaves at once; the work goes on where stopping
        it could lose a session, and *take_back* closes what nobody took.
        """
        opening = Opening(self, work, deliver=deliver, take_back=take_back, journalled=journalled)
        self.under_way.add(opening)
        try:
            await opening.waiter
        except asyncio.CancelledError:
            opening.abandon()
            raise
        return opening.delivered


async def _at_hand(answer: T) -> T:
    return answer


class Opening(Generic[R, D]):
    """One opening under way; it is the `Ask` that its strategy gets.

    What it asks is sent as usual, but for requests that may create a session: those are
    read to their end, even after the caller is gone or the time is over, and what they
    made is journalled before the strategy hears of it.
    """

    def __init__(
        self,
        opener: Opener,
        work: Callable[[Ask], Awaitable[R]],
        *,
        deliver: Callable[[R, tuple[str, ...]], D],
        take_back: Callable[[D], object],
        journalled: bool,
    ) -> None:
        """Begin *work* in a task."""
        loop = asyncio.get_running_loop()
        self._opener = opener
        self._work = work
        self._deliver = deliver
        self._take_back = take_back
        self._made: dict[tuple[type, object], tuple[SessionValue, str | None]] = {}
        self._busy = False
        self._unseen = False
        self._counted_lost = False
        self._journalled = journalled
        self._asked: Call[Any] | None = None
        self.delivered: D  # not the waiter's result: asyncio's debug mode shows that, whatever it is
        self.waiter: asyncio.Future[None] = loop.create_future()
        self.task = loop.create_task(self._run())

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website."""
        return self._opener.asker.page(path, params)

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program; see a request that may create a session through to its answer."""
        if not call.request.repeatable:
            return self._see_through(call)
        spare: T | None = self._opener.pool.take(call)
        return self._opener.asker.ask(call) if spare is None else _at_hand(spare)

    def abandon(self) -> None:
        """Let nobody wait any more: stop as soon as that loses nothing, and close what was made."""
        if self.waiter.done() and not self.waiter.cancelled():
            if self.waiter.exception() is None:
                self._take_back(self.delivered)
            return
        self.waiter.cancel()
        if not self._busy and not self._unseen:
            self.task.cancel()

    async def _run(self) -> None:
        try:
            result = await self._work(self)
            self._busy = True
            delivered = self._deliver(result, await self._rows(result) if self._opener.journal.active else ())
        except asyncio.CancelledError:
            await self._unmake()
            self.waiter.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # a stranger's strategy may raise anything; the caller gets it as it is
            failure = error
        else:
            if self.waiter.done():
                self._take_back(delivered)
            else:
                self.delivered = delivered
                self.waiter.set_result(None)
            return
        finally:
            self._opener.under_way.discard(self)
        await self._unmake()
        if not self.waiter.done():
            self.waiter.set_exception(failure)

    async def _rows(self, result: R) -> tuple[str, ...]:
        """Return the journal rows of what was made; a result that no call announced is journalled now."""
        journal = self._opener.journal
        if not self._made and callable(getattr(result, "sign", None)):
            row = await journal.record(result)  # type: ignore[arg-type]  # what signs is a session value
            return (row,) if row is not None else ()
        rows = tuple(row for _, row in self._made.values() if row is not None)
        if self._journalled:
            return rows
        await journal.forget(*rows)
        return ()

    async def _unmake(self) -> None:
        """Close what was made halfway, newest first, and wait for it within bounds."""
        closes: set[asyncio.Task[bool]] = set()
        for value, row in reversed(self._made.values()):
            close: Callable[[Ask], Awaitable[None]] | None = getattr(value, "close", None)
            if close is not None:
                self._opener.tally.opened += 1
                closes.add(self._opener.closer.start(close, () if row is None else (row,)))
        self._made.clear()
        if closes:
            await asyncio.wait(closes, timeout=self._opener.close_timeout_s)

    async def _see_through(self, call: Call[T]) -> T:
        self._stop_if_abandoned()
        self._busy = True
        self._asked = call
        self._opener.patience.add(self)
        try:
            answer = await self._opener.asker.ask(call, to_the_end=True)
        except (Refused, NoAnswer) as error:
            failure = error
        except asyncio.CancelledError:
            self._settle(call, lost=True)
            raise
        else:
            self._settle(call, lost=False)
            await self._keep(call, answer)
            if not self._unseen:
                self._stop_if_abandoned()
            return answer
        finally:
            self._busy = False
            self._opener.patience.discard(self)
        self._settle(call, lost=isinstance(failure, NoAnswer) and failure.may_have_created)
        self._stop_if_abandoned()
        raise failure

    async def _keep(self, call: Call[T], answer: T) -> None:
        """Remember and journal what *answer* says was made, in place of an older state of the same session."""
        if call.opens is None:
            self._unseen = True
            return
        value = call.opens(answer)
        key = (type(value), getattr(value, "id", None) or len(self._made))
        _, stale = self._made.pop(key, (None, None))
        self._made[key] = (value, None)
        if self._opener.journal.active:
            self._made[key] = (value, await self._opener.journal.record(value))
            if stale is not None:
                await self._opener.journal.forget(stale)

    def expire(self) -> None:
        """Tell the caller that the time is over; the answer is still waited for, and what it made closed."""
        call = self._asked
        if call is None or self.waiter.done():
            return
        creates = call.request.creates
        if creates:
            self._counted_lost = True
            self._opener.tally.possibly_lost += 1
        self.waiter.set_exception(
            TimedOut(
                f"{say(call.request)}: no answer in time; try again or give a longer timeout_s",
                may_have_created=creates,
            )
        )

    def _settle(self, call: Call[Any], *, lost: bool) -> None:
        """Count an answer that is lost for good, once, and one that came after all no more."""
        tally = self._opener.tally
        if lost and call.request.creates:
            tally.possibly_lost += not self._counted_lost
            log.warning("%s: the answer was lost, a session may be left behind", say(call.request))
        elif self._counted_lost:
            tally.possibly_lost -= 1
        self._counted_lost = False

    def _stop_if_abandoned(self) -> None:
        if self.waiter.done():
            raise asyncio.CancelledError
