"""Time limits of one fixed length, cheap for those who keep them: one timer serves all."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Protocol


class Expires(Protocol):
    """What is told that its time is over."""

    def expire(self) -> None:
        """Take notice; called once, from the loop."""
        ...


class Deadlines:
    """Tells whoever was added, and not discarded, that *after_s* seconds are over.

    Since all wait equally long, whoever came first is due first: one timer, set for the
    first in line, is enough, and coming and going costs a dict entry. `asyncio.timeout`
    sets a timer of its own each time, which costs a twentieth of a request.
    """

    __slots__ = ("_after_s", "_due", "_loop", "_timer")

    def __init__(self, after_s: float) -> None:
        """Begin with nobody in line; the loop is that of the first who is added."""
        self._after_s = after_s
        self._due: dict[Expires, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: Expires) -> None:
        """Let *item* expire unless it is discarded before its time is over."""
        loop = self._loop
        if loop is None or loop.is_closed():
            loop = self._loop = asyncio.get_running_loop()
            self._timer = None
        self._due[item] = due = loop.time() + self._after_s
        if self._timer is None:
            self._timer = loop.call_at(due, self._sweep)

    def discard(self, item: Expires) -> None:
        """Let *item* be: it came in time, or nobody waits for it."""
        self._due.pop(item, None)

    def stop(self) -> None:
        """Forget the timer; nobody is in line any more."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _sweep(self) -> None:
        self._timer = None
        if self._loop is None:
            return
        now = self._loop.time()
        while self._due:
            item, due = next(iter(self._due.items()))
            if due > now:
                self._timer = self._loop.call_at(due, self._sweep)
                return
            del self._due[item]
            item.expire()


class Within:
    """A block that ends with `TimeoutError` when the time of its *deadlines* is over; as `asyncio.timeout` does."""

    __slots__ = ("_before", "_deadlines", "_expired", "_task")

    def __init__(self, deadlines: Deadlines) -> None:
        """Begin to count; use once, by `with`, at once."""
        self._deadlines = deadlines
        self._expired = False
        task = self._task = asyncio.current_task()
        self._before = 0 if task is None else task.cancelling()
        deadlines.add(self)

    def __enter__(self) -> None:
        """Do nothing more."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Turn the cancel that was ours, and no other, into `TimeoutError`."""
        if not self._expired:
            self._deadlines.discard(self)
        elif self._task is not None and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def expire(self) -> None:
        """Interrupt the block."""
        self._expired = True
        if self._task is not None:
            self._task.cancel()
