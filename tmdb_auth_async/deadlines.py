"""Time limits of one fixed length, cheap for those who keep them: one timer serves all."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class Expires(Protocol):
    """What is told that its time is over."""

    def expire(self) -> None:
        """Take notice; called once, from the loop."""
        ...


class _Line(ABC, Generic[T]):
    """Those for whom *after_s* seconds are counted, whoever came first at the front.

    Since all wait equally long, whoever came first is due first: one timer, set for the
    first in line, is enough, and coming and going costs a dict entry. `asyncio.timeout`
    sets a timer of its own each time, which costs a twentieth of a request.
    """

    __slots__ = ("_begins", "_due", "_loop", "_timer", "after_s")

    def __init__(self, after_s: float, *, begins: Callable[[], None] | None = None) -> None:
        """Begin with nobody in line; the loop is that of the first who is added.

        Whenever the timer is begun, in what may be another loop by then, *begins* is called, which may refuse.
        """
        self.after_s = after_s
        self._begins = begins
        self._due: dict[T, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: T) -> None:
        """Count for *item*, unless it is discarded before its time is over."""
        self._due[item] = monotonic() + self.after_s
        if self._timer is None or self._loop is None or self._loop.is_closed():
            self._start()

    def discard(self, item: T) -> None:
        """Let *item* be: it came in time, or nobody waits for it."""
        self._due.pop(item, None)

    def stop(self) -> None:
        """Forget the timer; nobody is in line any more."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> None:
        if self._begins is not None:
            self._begins()
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self.after_s, self._sweep)

    def _sweep(self) -> None:
        self._timer = None
        while self._due and self._loop is not None:
            item, due = next(iter(self._due.items()))
            left_s = due - monotonic()
            if left_s > 0:
                self._timer = self._loop.call_later(left_s, self._sweep)
                return
            del self._due[item]
            self._tell(item)

    @abstractmethod
    def _tell(self, item: T) -> None:
        """Tell *item* that its time is over."""


class Deadlines(_Line[Expires]):
    """Tells whoever was added, and not discarded, that the time is over."""

    __slots__ = ()

    def _tell(self, item: Expires) -> None:
        item.expire()


class TimeLimit(_Line["asyncio.Task[Any]"]):
    """Interrupts tasks whose time is over, as `asyncio.timeout` does, with nothing made for each.

    What is limited stands between `begin` and `end`::

        task = limit.begin(monotonic())
        cancels = task.cancelling()
        try:
            ...
        finally:
            interrupted = limit.end(task, cancels)

    When it was *interrupted*, its `CancelledError` is no cancel from outside: the time is over.
    """

    __slots__ = ("_interrupted",)

    def __init__(self, after_s: float, *, begins: Callable[[], None] | None = None) -> None:
        """Interrupt after that many seconds."""
        super().__init__(after_s, begins=begins)
        self._interrupted: set[asyncio.Task[Any]] = set()

    def begin(self, now: float) -> asyncio.Task[Any] | None:
        """Count for the running task from *now*, a monotonic time; return it, or `None` if it is in line already."""
        task = asyncio.current_task(self._loop)  # told its loop, this need not ask the system for the process
        if task is None and (task := asyncio.current_task()) is not None:
            self._timer = None  # that of another loop, which is over
        if task is None or task in self._due:
            return None
        if self._timer is None:
            self._start()
        self._due[task] = now + self.after_s
        return task

    def end(self, task: asyncio.Task[Any], cancels: int) -> bool:
        """Count no more, and say whether *task*, cancelled *cancels* times before, was interrupted by this alone."""
        self._due.pop(task, None)
        if not self._interrupted or task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        return task.uncancel() <= cancels

    def _tell(self, item: asyncio.Task[Any]) -> None:
        self._interrupted.add(item)
        item.cancel()
