"""Work that runs once for all who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar, TypeVarTuple

from ..errors import SessionClosed

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Flight:
    """Work under way, and those who wait for it."""

    __slots__ = ("task", "waiters")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task = task
        self.waiters: set[asyncio.Future[None]] = set()

    def land(self) -> None:
        """Wake everybody."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)


class Shared:
    """Runs work under keys: whoever asks for a key that is under way waits for the same result.

    A waiter that is cancelled harms no other; when the last one is, the work is too.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._current: dict[Hashable, _Flight] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def once(self, key: Hashable, work: Callable[[*Ts], Coroutine[Any, Any, T]], *args: *Ts) -> T:
        """Return the result of *work*, begun now with *args* unless it is under way; raises what it raises."""
        flight = self._current.get(key) or self._begin(key, work(*args))
        task, waiters = flight.task, flight.waiters
        # A future for each: asyncio.wait costs three times as much, and a thousand may wait.
        waiter = task.get_loop().create_future()
        waiters.add(waiter)
        try:
            if not task.done():
                await waiter
        finally:
            if not task.done():
                waiters.discard(waiter)
                if not waiters:
                    if self._current.get(key) is flight:
                        del self._current[key]
                    task.cancel()
        if task.cancelled():
            message = "the manager was closed meanwhile: open a new one"
            raise SessionClosed(message)
        result: T = task.result()
        return result

    async def stop(self) -> None:
        """Cancel what is under way and wait for it."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _begin(self, key: Hashable, work: Coroutine[Any, Any, Any]) -> _Flight:
        task = asyncio.get_running_loop().create_task(work)
        flight = self._current[key] = _Flight(task)
        self._tasks.add(task)

        def ended(_: object) -> None:
            self._tasks.discard(task)
            if self._current.get(key) is flight:
                del self._current[key]
            if not task.cancelled():
                task.exception()
            flight.land()

        task.add_done_callback(ended)
        return flight
