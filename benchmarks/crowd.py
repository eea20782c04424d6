"""A crowd that does the same work, and what that takes."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable

import attrs

Work = Callable[[], Awaitable[object]]


@attrs.frozen
class Took:
    """What something took: the seconds on the clock, and those of this process's CPU, all its threads included."""

    wall_s: float
    cpu_s: float


async def crowd(work: Work, *, times: int, concurrency: int) -> None:
    """Do *work* that many times, so many at once."""
    turns = iter(range(times))

    async def one() -> None:
        for _ in turns:
            await work()

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(one())


async def at_once(work: Work, *, times: int) -> None:
    """Do *work* that many times, all at once, with nothing around it that would be counted as its own."""
    await asyncio.gather(*(work() for _ in range(times)))


async def measured(doing: Awaitable[object]) -> Took:
    """Await *doing*, with the garbage of before collected, and tell what it took."""
    gc.collect()
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await doing
    return Took(time.perf_counter() - wall_s, time.process_time() - cpu_s)
