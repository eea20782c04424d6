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
        self.waiters: set[asyncio.Future[Any]] = set()

    def land(self) -> None:
        """Tell everybody how it went."""
        result, error = None, self._error()
        if error is None:
            result = self.task.result()
        for waiter in self.waiters:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(result)
            else:
                waiter.set_exception(error)
                waiter.exception()  # who is cancelled in this very moment never asks for it

    def _error(self) -> BaseException | None:
        if self.task.cancelled():
            return SessionClosed("the manager was closed meanwhile: open a new one")
        return self.task.exception()


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
        # A future for each: asyncio.wait costs three times as much, and a thousand may wait.
        waiter: asyncio.Future[T] = flight.task.get_loop().create_future()
        flight.waiters.add(waiter)
        try:
            return await waiter
        except BaseException:
            self._leave(key, flight, waiter)
            raise

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
            flight.land()

        task.add_done_callback(ended)
        return flight

    def _leave(self, key: Hashable, flight: _Flight, waiter: asyncio.Future[Any]) -> None:
        if flight.task.done():
            return
        flight.waiters.discard(waiter)
        if not flight.waiters:
            if self._current.get(key) is flight:
                del self._current[key]
            flight.task.cancel()
