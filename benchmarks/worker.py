"""A worker's process: one candidate on one event loop, for as long as the parent has questions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from multiprocessing.connection import Connection

import uvloop

from .candidates import CANDIDATES
from .child import questions
from .crowd import crowd, measured
from .setting import prepare
from .target import Target

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def work(pipe: Connection, name: str, loop: str, target: Target) -> None:
    """Let a candidate do its `cycle` or `get` as often as the parent asks for it, and tell what it took."""
    prepare()
    candidate = CANDIDATES[name](target)
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(candidate.start())
        for question in questions(pipe):
            does = candidate.get if question["what"] == "get" else candidate.cycle
            doing = crowd(does, times=question["times"], concurrency=question["concurrency"])
            pipe.send(runner.run(measured(doing)))
        runner.run(candidate.stop())
