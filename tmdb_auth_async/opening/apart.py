"""One opening: in a task of its own, so that no cancel loses what the service has made."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from ..errors import TimedOut
from ..values import Call
from .asks import Asks
from .creation import Creation
from .jobs import Job
from .tools import Tools

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D")


class Opening(Asks, Generic[R, D]):
    """One opening under way; it is the `Ask` that its strategy gets.

    What it asks is sent as usual, but for requests that may create a session: those are
    read to their end, even after the caller is gone or the time is over, and what they
    made is journalled before the strategy hears of it.
    """

    __slots__ = (
        "_creations",
        "_held",
        "_job",
        "_journalled",
        "abandoned",
        "delivered",
        "task",
        "waiter",
    )

    def __init__(self, tools: Tools, job: Job[R, D], *, journalled: bool) -> None:
        """Begin the work of *job* in a task."""
        loop = asyncio.get_running_loop()
        super().__init__(tools)
        self._job = job
        self._journalled = journalled
        self._held = False
        self.abandoned = False
        self._creations: tuple[Creation[Any], ...] = ()
        self.delivered: D  # not the waiter's result: asyncio's debug mode shows that, whatever it is
        self.waiter: asyncio.Future[None] = loop.create_future()
        self.task = loop.create_task(self._run(), name="tmdb_auth_async: open")

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program; see a request that may create a session through to its answer."""
        if not call.request.repeatable:
            return self._create(call)
        return self._ask(call)

    def ended(self) -> asyncio.Future[Any]:
        """Return what is done when it is over."""
        return self.task

    def abandon(self) -> None:
        """Let nobody wait any more: stop as soon as that loses nothing, and close what was made."""
        if self.abandoned:
            return  # a second cancel would reach the closing of what was made
        self.abandoned = True
        if self.waiter.done() and not self.waiter.cancelled():
            if self.waiter.exception() is None:
                self._job.take_back(self.delivered)
            return
        self.waiter.cancel()
        if not self._held:
            self.task.cancel()

    async def _run(self) -> None:
        try:
            result = await (self._work(self._job) if self._tools.pool.size else self._job.work(self))
            self._held = True
            rows = await self._settle(result)
        except asyncio.CancelledError:
            await self._unmake()
            self.waiter.cancel()
            raise
        except GeneratorExit:
            raise  # the loop is gone, and with it all that could close anything
        except (KeyboardInterrupt, SystemExit) as error:
            self._disown()
            self._start_closes()
            self._fail(error)
            if (task := asyncio.current_task()) is not None:
                task.add_done_callback(lambda task: task.exception())  # whoever waits has it: nobody need warn of it
            raise  # through the loop, which stops: what closes goes on when it runs again
        except BaseException as error:  # noqa: BLE001  # a stranger's strategy may raise anything; the caller gets it as it is
            failure = error
        else:
            if self.waiter.done():
                self._job.discard(result, rows)
            else:
                self.delivered = self._job.deliver(result, rows)
                self.waiter.set_result(None)
            return
        finally:
            self._tools.under_way.discard(self)
        if not self._pending():
            await self._unmake()
        self._fail(failure)
        await self._unmake()

    async def _settle(self, result: R) -> tuple[str, ...]:
        """Begin to close what is no part of *result*, and return the journal rows of the rest."""
        for creation in self._pending():
            if creation.makes_another:  # for a task that the strategy has left behind
                creation.disown()
        made = self._ledger()
        if self._journalled:
            made.close_all_but(result)
        return await made.rows(result, journalled=self._journalled, discard=self._job.discard)

    def _fail(self, failure: BaseException) -> None:
        if not self.waiter.done():
            self.waiter.set_exception(failure)

    async def _unmake(self) -> None:
        """Close what was made halfway.

        What is on its way is waited for a little, since it may change how that is closed;
        after that a change is given up, and what creates closes what it makes by itself.
        """
        pending = self._disown()
        try:
            if pending:
                await asyncio.wait({one.task for one in pending}, timeout=self._tools.close_timeout_s / 4)
        finally:
            closes = self._start_closes()
        if closes:
            await asyncio.wait(closes, timeout=self._tools.close_timeout_s)

    def _disown(self) -> list[Creation[Any]]:
        """Let nobody wait any more for what is on its way, and return it."""
        pending = self._pending()
        for creation in pending:
            creation.disown()
        return pending

    def _start_closes(self) -> set[asyncio.Task[bool]]:
        for creation in self._pending():
            creation.give_up_a_change()
        return set() if self._made is None else self._made.start_closes()

    def _pending(self) -> list[Creation[Any]]:
        return [creation for creation in self._creations if not creation.task.done()]

    async def _create(self, call: Call[T]) -> T:
        """Ask what may create a session, in a task that no cancel of the strategy reaches."""
        self._stop_if_abandoned()
        tools = self._tools
        # What no call's `opens` announces only the strategy can close: it is then not cancelled any more.
        before, self._held = self._held, self._held or call.opens is None
        creation = Creation(call, tools=tools, made=self._ledger(), waits=self)
        self._creations = (*self._creations, creation)
        tools.patience.add(creation)
        try:
            await creation.waiter
        except asyncio.CancelledError:
            creation.disown()
            raise
        finally:
            tools.patience.discard(creation)
            if creation.task.done():
                self._creations = tuple([one for one in self._creations if one is not creation])
        if creation.failure is not None:
            self._held = before
            self._stop_if_abandoned()
            raise creation.failure
        if not self._held:
            self._stop_if_abandoned()
        return creation.answer

    def give_up(self, error: TimedOut) -> None:
        """Tell the caller that the time is over."""
        if not self.waiter.done():
            self.waiter.set_exception(error)

    def _stop_if_abandoned(self) -> None:
        if self.waiter.done():
            raise asyncio.CancelledError
