"""Work that runs once for all who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .errors import SessionClosed

T = TypeVar("T")


class Shared:
    """Runs work under keys: whoever asks for a key that is under way waits for the same result.

    A waiter that is cancelled harms no other; when the last one is, the work is too.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._current: dict[str, tuple[asyncio.Task[Any], list[None]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the result of *work*, begun now unless it is under way; raises what it raises."""
        task, waiting = self._current.get(key) or self._begin(key, work())
        waiting.append(None)
        try:
            await asyncio.wait({task})
        finally:
            waiting.pop()
            if not waiting:
                if self._current.get(key) == (task, waiting):
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

    def _begin(self, key: str, work: Coroutine[Any, Any, Any]) -> tuple[asyncio.Task[Any], list[None]]:
        task = asyncio.get_running_loop().create_task(work)
        begun: tuple[asyncio.Task[Any], list[None]] = (task, [])
        self._current[key] = begun
        self._tasks.add(task)

        def ended(_: object) -> None:
            self._tasks.discard(task)
            if self._current.get(key) is begun:
                del self._current[key]
            if not task.cancelled():
                task.exception()

        task.add_done_callback(ended)
        return begun
