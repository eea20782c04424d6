"""One opening in the task of whoever waits for it: the cheap way, for what asks plainly."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from ..asking import Sent
from ..errors import NotConfigured, TimedOut
from ..values import Call
from .asks import Asks
from .creation import Creation
from .jobs import Job
from .tools import Tools, closed_meanwhile

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D")


class OpeningHere(Asks, Generic[R, D]):
    """One opening under way in the caller's task; it is the `Ask` that its strategy gets.

    A cancel reaches the strategy as it is. Only a request that creates a session is not
    cancelled: it stays on its way and goes on in a task of its own, which closes what it
    makes. `Opening` is for everything else.
    """

    __slots__ = ("_cancels", "_creation", "_ended", "_late", "_sent", "_stopped", "_task")

    def __init__(self, tools: Tools) -> None:
        """Open with *tools*."""
        super().__init__(tools)
        self._sent: Sent | None = None
        self._creation: Creation[Any] | None = None
        self._late = False
        self._stopped = False
        self._cancels = 0
        self._task: asyncio.Task[Any] | None = None
        self._ended: asyncio.Future[None] | None = None

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program; see a request that creates a session through to its answer."""
        request = call.request
        if request.repeatable:
            return self._ask(call)
        if call.opens is None or not request.creates:
            message = "what asks plainly asks what is repeatable, or creates a session that the call's `opens` tells of"
            raise NotConfigured(message)
        return self._create(call)

    async def open(self, job: Job[R, D], *, journalled: bool) -> D:
        """Do the work of *job* and return what it delivers; what is made and not delivered is closed."""
        tools = self._tools
        self._task = task = asyncio.current_task()
        self._cancels = 0 if task is None else task.cancelling()
        tools.under_way.add(self)
        try:
            result = await (self._work(job) if self._tools.pool.size else job.work(self))
            if self._stopped:
                raise asyncio.CancelledError  # noqa: TRY301  # the strategy has swallowed it
            if journalled and self._made is not None:
                self._made.close_all_but(result)
            if not tools.journal.active:
                return job.deliver(result, ())
            rows = await self._ledger().rows(result, journalled=journalled, discard=job.discard)
            return job.deliver(result, rows)
        except BaseException as error:
            job.fail()
            outside = await self._unmake(error)
            if outside is not None:
                self._over()
                raise outside from error
            if not self._over() or not isinstance(error, asyncio.CancelledError):
                raise
        finally:
            tools.under_way.discard(self)
            if self._ended is not None and not self._ended.done():
                self._ended.set_result(None)
        raise closed_meanwhile()

    def _over(self) -> bool:
        """Take back the manager's cancel, if there was one; say whether there was no other."""
        if not self._stopped or self._task is None:
            return False
        return self._task.uncancel() <= self._cancels

    async def _unmake(self, error: BaseException) -> asyncio.CancelledError | None:
        """Begin to close what was made halfway, and wait for that within bounds when it ends by its own *error*.

        Return a cancel from outside that came meanwhile; one of the manager's, which is
        ending, only ends the wait.
        """
        if self._made is None or self._task is None:
            return None
        closes = self._made.start_closes()
        if not closes or not isinstance(error, Exception):
            return None
        cancels = self._task.cancelling() - self._stopped
        try:
            await asyncio.wait(closes, timeout=self._tools.close_timeout_s)
        except asyncio.CancelledError as cancel:
            return cancel if self._task.cancelling() - self._stopped > cancels else None
        return None

    def abandon(self) -> None:
        """Stop as soon as that loses nothing, and close what was made."""
        if not self._stopped and self._task is not None:
            self._stopped = True
            self._task.cancel()

    def ended(self) -> asyncio.Future[Any]:
        """Return what is done when it is over."""
        if self._ended is None:
            self._ended = asyncio.get_running_loop().create_future()
        return self._ended

    def expire(self) -> None:
        """Wait no longer for what creates; it stays on its way."""
        self._late = True
        if self._creation is not None:
            self._creation.expire()
        elif self._sent is not None:
            self._sent.leave()

    def give_up(self, error: TimedOut) -> None:
        """Tell the strategy that the time is over."""
        if self._creation is not None and not self._creation.waiter.done():
            self._creation.waiter.set_exception(error)

    async def _create(self, call: Call[T]) -> T:
        """Ask what creates a session, in this task while nothing goes wrong, then in one of its own."""
        tools = self._tools
        opens = call.opens
        self._late = False
        sent = self._sent = tools.asker.sends(call)
        tools.patience.add(self)
        try:
            if sent is not None:
                try:
                    await sent.here()
                except asyncio.CancelledError:
                    self._go_on(call, sent).disown()
                    raise
                if sent.response is not None and opens is not None:
                    try:
                        answer = tools.asker.read(call, sent)
                        made = opens(answer)
                    except Exception:  # noqa: BLE001, S110  # the creation meets it again, and says what it means
                        pass
                    else:
                        if tools.journal.active:
                            await self._ledger().add(made)
                        else:
                            self._ledger().note(made)
                        return answer
            creation = self._go_on(call, sent)
            if self._late:
                creation.expire()
            try:
                await creation.waiter
            except asyncio.CancelledError:
                creation.disown()
                raise
        finally:
            tools.patience.discard(self)
            self._sent = self._creation = None
        if creation.failure is not None:
            raise creation.failure
        return creation.answer

    def _go_on(self, call: Call[T], sent: Sent | None) -> Creation[T]:
        creation = self._creation = Creation(call, tools=self._tools, made=self._ledger(), waits=self, sent=sent)
        return creation
