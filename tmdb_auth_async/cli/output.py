"""What a command says, to whoever takes it: a disk that is full or a reader that has gone stops it in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BufferedWriter, RawIOBase, TextIOWrapper
from typing import Any, TextIO

_UNWRITTEN = 3
_UNREAD = 141
"""What a shell reports of a command that SIGPIPE ends."""


class Unwritten(Exception):
    """What the command says cannot be written: an exit status, and the line that says why.

    To a reader that has gone nothing is said, as is the custom.
    """

    def __init__(self, error: OSError) -> None:
        """Keep why."""
        is_unread = isinstance(error, BrokenPipeError)
        self.line = "" if is_unread else f"tmdb-auth: the answer cannot be written: {os.strerror(error.errno or 0)}\n"
        self.status = _UNREAD if is_unread else _UNWRITTEN
        super().__init__(self.line)


class Output(RawIOBase):
    """A standard stream that raises nothing when it cannot be written.

    What is said comes from anywhere, also from the midst of a request, where an error of ours would be taken for the
    request's. So the loss is told once to whoever asked for that by `telling`, and what is said later goes nowhere.
    """

    def __init__(self, stream: TextIO) -> None:
        """Write to what is below *stream*."""
        super().__init__()
        self.lost: Unwritten | None = None
        self.on_loss: Callable[[Unwritten], object] | None = None
        self._stream = stream  # which would close what is below it, were it forgotten
        buffer: Any = stream.buffer
        self._raw: Any = getattr(buffer, "raw", buffer)  # Python's -u leaves the buffer out

    def writable(self) -> bool:
        """Say that this is for writing."""
        return True

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return its number."""
        return self._stream.fileno()

    def write(self, data: Any, /) -> int | None:  # any buffer, which Python has no type for before 3.12
        """Write *data*, or keep why it cannot be written."""
        if self.lost is None:
            try:
                count: int | None = self._raw.write(data)
            except OSError as error:
                self.lost = Unwritten(error)
            else:
                return count
            if self.on_loss is not None:
                self.on_loss(self.lost)
        return memoryview(data).nbytes


@contextmanager
def written() -> Generator[None]:
    """Write what the block says; raises `SystemExit`, with a line beside, where that cannot be.

    A sign that the encoding has not is escaped: somebody's name may be more than a terminal can write.
    """
    sys.stdout, sys.stderr = _output(sys.stdout), _output(sys.stderr)
    try:
        yield
    finally:
        sys.stdout.flush()
        lost = next((one.lost for one in _outputs() if one.lost is not None), None)
        if lost is not None:
            sys.stderr.write(lost.line)
            sys.exit(lost.status)


@contextmanager
def telling(tell: Callable[[Unwritten], object]) -> Generator[None]:
    """Tell at once of what cannot be written while the block lasts."""
    outputs = _outputs()
    for output in outputs:
        output.on_loss = tell
    try:
        yield
    finally:
        for output in outputs:
            output.on_loss = None


def _output(stream: Any) -> Any:  # usually Python's own, but anything may stand for a standard stream
    if not hasattr(stream, "write_through"):
        return stream
    return TextIOWrapper(
        BufferedWriter(Output(stream)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _outputs() -> list[Output]:
    raws: list[Any] = [getattr(getattr(stream, "buffer", None), "raw", None) for stream in (sys.stdout, sys.stderr)]
    return [raw for raw in raws if isinstance(raw, Output)]
