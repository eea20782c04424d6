"""Processes beside this one: forked from a nursery that has imported everything, so that all begin with one heap."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload([f"{__package__}.candidates", f"{__package__}.jobs", f"{__package__}.server"])


class Child:
    """A function that runs in a process of its own, and answers questions until the block is over."""

    def __init__(self, run: Callable[..., None], *arguments: Any) -> None:
        """Run `run(pipe, *arguments)`; what it is asked comes out of the pipe, what it sends is the answer."""
        self._pipe, theirs = _nursery.Pipe()
        self._process = _nursery.Process(target=run, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the child end by itself: there is nothing more to ask."""
        self._pipe.close()
        self._process.join()

    def ask(self, **question: Any) -> Any:
        """Put a question and wait for its answer; raises `EOFError` when the child has died, of what stands above."""
        self._pipe.send(question)
        return self._pipe.recv()


def questions(pipe: Connection) -> Iterator[dict[str, Any]]:
    """Yield the questions of the parent until it has no more."""
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        yield question
