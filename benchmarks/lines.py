"""Talking to a child process: one JSON object a line, a question in and an answer out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

Answerer = Callable[[dict[str, Any]], dict[str, Any]]


class Child:
    """A module of this package that runs in a process of its own until the block is over."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Start `python -m benchmarks.<module>`; every child hashes strings alike, so that dicts are laid out alike."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": "0", **(env or {})},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, **question: Any) -> dict[str, Any]:
        """Put a question and wait for its answer; raises `RuntimeError` when the child has died."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("a child without pipes cannot be asked")
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError(f"the child {self._process.args!r} died on {question!r}; its traceback is above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """Let the child end by itself: its input is over."""
        self._process.communicate()


def private_stdout() -> Callable[[dict[str, Any]], None]:
    """Return what writes an answer, and send everything that others print to stderr instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def write(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")

    return write
