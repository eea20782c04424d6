"""A worker's process: one candidate on one event loop, for as long as the parent has questions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from multiprocessing.connection import Connection

import uvloop

from .candidates import CANDIDATES
from .child import questions
from .crowd import crowd
from .setting import prepare
from .slices import Sliced
from .target import Target

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def work(pipe: Connection, name: str, loop: str, target: Target) -> None:
    """Let a candidate do its `cycle` or `get` as often as the parent wants, a slice of time at each question.

    The first question about some work says `what` it is, how many `times` and the `concurrency`. Each tells how
    long the slice is, or `None` for the whole; the answer is `None` until the work is done, and then what it took.
    """
    prepare()
    candidate = CANDIDATES[name](target)
    sliced: Sliced | None = None
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(candidate.start())
        for question in questions(pipe):
            if sliced is None:
                does = candidate.get if question["what"] == "get" else candidate.cycle
                doing = crowd(does, times=question["times"], concurrency=question["concurrency"])
                sliced = Sliced(runner.get_loop(), doing)
            took = sliced.go_on(question["slice_s"])
            if took is not None:
                sliced = None
            pipe.send(took)
        runner.run(candidate.stop())
