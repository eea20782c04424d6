"""The lifetime of one link: opened once for all who need it, closed when the last is done, or when its loop ends."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from .link import Link

T = TypeVar("T")


class Line:
    """Opens a link in a task of its own, so that no cancel of one who waits harms another."""

    def __init__(self, open_link: Callable[[], Coroutine[Any, Any, Link]]) -> None:
        """Begin to open."""
        self._open_link = open_link
        self._uses = 0
        self._unused = asyncio.Event()
        self._unused.set()
        self._end: AsyncGenerator[None] | None = None
        self._opening = asyncio.get_running_loop().create_task(self._open())
        self._opening.add_done_callback(_read)

    @property
    def failed(self) -> bool:
        """Whether the link could not be opened."""
        return self._opening.done() and (self._opening.cancelled() or self._opening.exception() is not None)

    def use(self, work: Callable[[Link], Awaitable[T]]) -> asyncio.Task[T]:
        """Begin to do *work* with the link, in a task that nobody cancels; it raises why the link cannot be opened."""
        self._uses += 1
        self._unused.clear()
        task = asyncio.get_running_loop().create_task(self._do(work))
        task.add_done_callback(self._used)
        return task

    async def aclose(self) -> None:
        """Wait for all who use the link, and close it."""
        if not self._opening.done():
            await asyncio.wait({self._opening})
        if self._end is not None:
            await self._end.aclose()

    async def _do(self, work: Callable[[Link], Awaitable[T]]) -> T:
        if not self._opening.done():
            await asyncio.wait({self._opening})
        error = self._opening.exception()
        if error is not None:
            raise copy.copy(error)
        return await work(self._opening.result())

    def _used(self, task: asyncio.Task[Any]) -> None:
        _read(task)
        self._uses -= 1
        if not self._uses:
            self._unused.set()

    async def _open(self) -> Link:
        link = await self._open_link()
        self._end = self._until_the_end(link)
        await anext(self._end)
        return link

    async def _until_the_end(self, link: Link) -> AsyncGenerator[None]:
        """Close the link when this generator is closed; a loop that ends closes every one that it has begun."""
        try:
            yield
        finally:
            await self._unused.wait()
            await link.close()


async def result_of(task: asyncio.Task[T]) -> T:
    """Wait for *task* and return its result; whoever is cancelled meanwhile leaves it alone.

    Unlike `asyncio.shield`, which tells of errors that nobody waits for any more, on newer Pythons.
    """
    if not task.done():
        await asyncio.wait({task})
    return task.result()


def _read(task: asyncio.Task[Any]) -> None:
    """Read an error that perhaps nobody waits for."""
    if not task.cancelled():
        task.exception()
