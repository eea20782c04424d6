"""A request that may create a session, seen through to its answer."""

from __future__ import annotations

import asyncio
import logging
from typing import Generic, Protocol, TypeVar

from ..asking import Sent, Trail, timed_out
from ..errors import NoAnswer, Refused, TimedOut
from ..service import say
from ..values import Call
from .made import Key, Made
from .tools import Tools

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Waits(Protocol):
    """Who waits for what is made."""

    def give_up(self, error: TimedOut, /) -> None:
        """Wait no longer: *error* says why."""
        ...


class Creation(Generic[T]):
    """One creating call in a task of its own, which ends, whoever still waits for it.

    What it made is written down at once, and closed if the waiter is gone by then.
    """

    __slots__ = (
        "_asker",
        "_call",
        "_counted_lost",
        "_creates",
        "_made",
        "_sent",
        "_settled",
        "_tally",
        "_trail",
        "_waits",
        "answer",
        "failure",
        "key",
        "task",
        "waiter",
    )

    def __init__(self, call: Call[T], *, tools: Tools, made: Made, waits: Waits, sent: Sent | None = None) -> None:
        """Send *call* now, or go on with what was *sent* of it; it is among the creations of *tools* until it ends.

        *waits* is told when its time is over and no answer is there.
        """
        self._call = call
        self._asker = tools.asker
        self._made = made
        self._tally = tools.tally
        self._waits = waits
        self._sent = sent
        self._trail = Trail(None if sent is None else sent.ready)
        self._creates = call.request.creates or call.opens is None
        self._counted_lost = False
        self._settled = False
        self.key: Key | None = None
        self.answer: T  # not what the task returns: asyncio's debug mode shows that, whatever it is
        self.failure: Exception | None = None
        loop = asyncio.get_running_loop()
        self.waiter: asyncio.Future[None] = loop.create_future()
        self.task = loop.create_task(self._run(), name="tmdb_auth_async: create")
        tools.creations.add(self.task)
        self.task.add_done_callback(tools.creations.discard)

    @property
    def makes_another(self) -> bool:
        """Whether it makes a session, and does not change one that is known."""
        return self._call.request.creates

    def disown(self) -> None:
        """Let nobody wait any more: what it made, or will have made, is closed; what has not left is not sent.

        Until its answer is there, which a loop that ends does not wait for, it counts as lost.
        """
        self.waiter.cancel()
        if self.task.done() and self.key is not None:
            self._made.close(self.key)
        if not self._keep_back():
            self._count_lost()

    def keep_back(self) -> None:
        """Let whoever waits be cancelled, unless it may have left."""
        if self._keep_back():
            self.waiter.cancel()

    def give_up_a_change(self) -> None:
        """Stop waiting for an answer that can name no new session, only change one that is known."""
        if not self._creates:
            self.task.cancel()

    def expire(self) -> None:
        """Say that the time is over; the answer is still waited for, unless it is there, or nothing was sent."""
        if self._settled:
            return
        request = self._call.request
        if self._keep_back():
            self._waits.give_up(timed_out(request, None))
            if not self.waiter.done():
                self.failure = timed_out(request, None)
                self.waiter.set_result(None)
            return
        self._count_lost()
        self._waits.give_up(timed_out(request, self._trail.ready))

    def _count_lost(self) -> None:
        may_come = self._trail.may_have_left and not self._settled and not self._counted_lost
        if may_come and self._call.request.creates:
            self._counted_lost = True
            self._tally.possibly_lost += 1

    def _keep_back(self) -> bool:
        """Stop what is not sent yet, and say whether that was so."""
        if self._trail.may_have_left or self.task.done():
            return False
        if self._sent is not None:
            self._sent.drop()
        self.task.cancel()
        return True

    async def _run(self) -> None:
        try:
            await self._make()
        except asyncio.CancelledError:
            self._settle(lost=self._trail.may_have_left)
            self.waiter.cancel()
            raise
        if not self.waiter.done():
            self.waiter.set_result(None)
        elif self.key is not None:
            self._made.close(self.key)

    async def _make(self) -> None:
        """Read the answer to the end, and leave either that or a failure."""
        call = self._call
        try:
            self.answer = await self._asker.ask(call, to_the_end=self._creates, sent=self._sent, trail=self._trail)
            self._settle(lost=False)
            if call.opens is not None:
                self.key, stale = self._made.note(call.opens(self.answer))
                await self._made.journal(self.key, stale)
        except (Refused, NoAnswer) as error:
            self._settle(lost=isinstance(error, NoAnswer) and error.may_have_created)
            self.failure = error
        except Exception as error:  # noqa: BLE001  # a stranger's call may raise anything; the strategy gets it as it is
            if self.key is None:
                self._settle(lost=self._trail.may_have_left)
            self.failure = error

    def _settle(self, *, lost: bool) -> None:
        """Count an answer that is lost for good, once, and one that came after all no more."""
        self._settled = True
        if lost and self._call.request.creates:
            self._tally.possibly_lost += not self._counted_lost
            log.warning("%s: the answer was lost, a session may be left behind", say(self._call.request))
        elif self._counted_lost:
            self._tally.possibly_lost -= 1
        self._counted_lost = False
