"""A worker's process: one candidate on one event loop, for as long as the parent has questions."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from .candidates import CANDIDATES, Candidate
from .lines import private_stdout
from .target import Target

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


async def crowd(work: Callable[[], Awaitable[None]], *, times: int, concurrency: int) -> None:
    """Do *work* that many times, so many at once."""
    turns = iter(range(times))

    async def one() -> None:
        for _ in turns:
            await work()

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(one())


async def measure(work: Callable[[], Awaitable[None]], *, times: int, concurrency: int) -> dict[str, Any]:
    """Do *work* and tell what it took: wall and CPU seconds of this process, all its threads included."""
    await crowd(work, times=concurrency, concurrency=concurrency)
    gc.collect()
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await crowd(work, times=times, concurrency=concurrency)
    return {"cpu_s": time.process_time() - cpu_s, "wall_s": time.perf_counter() - wall_s}


def main(name: str, loop: str) -> None:
    """Answer the parent until it has no more questions."""
    write = private_stdout()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    candidate: Candidate | None = None
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        for line in sys.stdin:
            question = json.loads(line)
            if question["what"] == "start":
                candidate = CANDIDATES[name](Target.load(question["target"]))
                runner.run(candidate.start())
                write({})
            elif candidate is not None:
                work = candidate.cycle if question["what"] == "cycle" else candidate.get
                write(runner.run(measure(work, times=question["times"], concurrency=question["concurrency"])))
        if candidate is not None:
            runner.run(candidate.stop())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
