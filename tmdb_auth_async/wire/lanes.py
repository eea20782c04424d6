"""How many requests are on their way at once: as many as the client of our own keeps connections."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

AT_ONCE = 100
"""How many connections an aiohttp client opens at most unless it is told otherwise."""


class Lanes:
    """The lanes to the service; who finds none free waits for one, the first who came first.

    aiohttp wakes somebody for each connection that becomes free, mostly in vain: who has just
    been answered asks for more, and has taken it by then. With five times as many users as
    connections that was a twelfth of all the work. So here a lane is handed over once the
    loop has come round, if nobody has taken it meanwhile. Who takes a free one does::

        if lanes.free:
            lanes.free -= 1
        else:
            await lanes.wait()
        try:
            ...
        finally:
            lanes.free += 1
            if lanes.waiting:
                lanes.fill_soon()
    """

    __slots__ = ("_filling", "free", "waiting")

    def __init__(self, free: int) -> None:
        """Begin with so many *free* ones."""
        self.free = free
        self.waiting: deque[asyncio.Future[None]] = deque()
        self._filling: asyncio.AbstractEventLoop | None = None

    async def wait(self) -> None:
        """Wait for a lane, and take it; a cancel takes none."""
        given = asyncio.get_running_loop().create_future()
        self.waiting.append(given)
        try:
            await given
        except BaseException:
            if given.done() and not given.cancelled():
                self.free += 1
                self.fill_soon()
            with suppress(RuntimeError):  # its loop is closed
                given.cancel()  # else it would be handed a lane that nobody takes
            raise

    def fill_soon(self) -> None:
        """Hand over what is free then, at the loop's next turn; where no loop runs nobody waits."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._filling is not loop:
            self._filling = loop
            loop.call_soon(self._fill)

    def _fill(self) -> None:
        self._filling = None
        while self.free and self.waiting:
            given = self.waiting.popleft()
            if not given.done():
                self.free -= 1
                given.set_result(None)
