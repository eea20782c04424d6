"""Writes that come at the same time, done as one."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable

from .changes import Changes


class Batches:
    """Writes changes in the order in which they come: at once, and together those that come while a write is under way.

    A waiter that is cancelled harms no other; what it wanted is written all the same.
    """

    def __init__(self, write: Callable[[Changes], Awaitable[None]]) -> None:
        """Write by way of *write*, which does all of it or raises."""
        self.next = Changes()
        self.writing = asyncio.Lock()
        """Held while a write is under way; hold it to see no half of one."""
        self._write = write
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

    async def written(self) -> None:
        """Wait until what is in `next` is written; raises what the write raises."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        if self._task is None:
            self._task = loop.create_task(self._flush())
        await waiter

    async def drained(self) -> None:
        """Wait until nothing waits."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def _flush(self) -> None:
        waiting: list[asyncio.Future[None]] = []
        try:
            while self._waiting:
                async with self.writing:
                    changes, self.next = self.next, Changes()
                    waiting, self._waiting = self._waiting, []
                    failure = await self._failure(changes)
                for waiter in waiting:
                    _settle(waiter, failure)
        finally:
            self._task = None
            for waiter in (*waiting, *self._waiting):  # some are left only where the event loop is ending
                waiter.cancel()

    async def _failure(self, changes: Changes) -> Exception | None:
        try:
            await self._write(changes)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait for this write get it
            return error
        return None


def _settle(waiter: asyncio.Future[None], failure: Exception | None) -> None:
    if waiter.done():
        return
    if failure is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(copy.copy(failure))  # one each: an error that several raise gathers all their tracebacks
