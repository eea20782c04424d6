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

    async def use(self, work: Callable[[Link], Awaitable[T]]) -> T:
        """Do *work* with the link; raises why it cannot be opened."""
        self._uses += 1
        self._unused.clear()
        try:
            if not self._opening.done():
                await asyncio.wait({self._opening})
            error = self._opening.exception()
            if error is not None:
                raise copy.copy(error)
            return await work(self._opening.result())
        finally:
            self._uses -= 1
            if not self._uses:
                self._unused.set()

    async def aclose(self) -> None:
        """Wait for all who use the link, and close it."""
        if not self._opening.done():
            await asyncio.wait({self._opening})
        if self._end is not None:
            await self._end.aclose()

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


def _read(opening: asyncio.Task[Link]) -> None:
    """Read an error that nobody waited for."""
    if not opening.cancelled():
        opening.exception()
