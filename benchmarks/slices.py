"""Work that is done a slice of time at once: its event loop stands still in between, while others have their turn."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Coroutine

from .crowd import Took


class Sliced:
    """A coroutine on a loop that runs only during its slices.

    A neighbour of this machine makes the same code twice as slow from one tenth of a second to the next. Who takes
    turns by slices much shorter than that has the same neighbours.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, doing: Coroutine[object, object, None]) -> None:
        """Prepare to await *doing* on *loop*, with the garbage of before collected."""
        gc.collect()
        self._loop = loop
        self._wall_s, self._began_cpu_s = 0.0, time.process_time()
        self._task = loop.create_task(self._to_the_end(doing))

    def go_on(self, slice_s: float | None) -> Took | None:
        """Run for *slice_s* seconds, or to the end without; return what all slices took together, once it is done.

        The CPU is counted from the beginning to the end, so that what threads did between two slices is in it.
        """
        began_s = time.perf_counter()
        pause = None if slice_s is None else self._loop.call_later(slice_s, self._loop.stop)
        self._loop.run_forever()
        if pause is not None:
            pause.cancel()
        self._wall_s += time.perf_counter() - began_s
        if not self._task.done():
            return None
        self._task.result()
        return Took(self._wall_s, time.process_time() - self._began_cpu_s)

    async def _to_the_end(self, doing: Coroutine[object, object, None]) -> None:
        try:
            await doing
        finally:
            self._loop.stop()
