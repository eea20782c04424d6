"""A command on a terminal of its own, for the tests of the command line; where there is no `pty` there are none."""

from __future__ import annotations

import asyncio
import codecs
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from .cli_stage import LONGEST_S, NOTHING, whole

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A terminal of some size with one command on it."""

    def __init__(self, started: asyncio.subprocess.Process, side: int) -> None:
        """Read from, and type into, our *side* of it."""
        self.started = started
        self.seen = ""
        self._side = side
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(side, self._read)

    @property
    def words(self) -> str:
        """What was shown, without colours and movement."""
        return _CONTROL.sub("", self.seen)

    def type(self, text: str) -> None:
        """Type *text*, with a line end."""
        self.type_bytes(text.encode())

    def type_bytes(self, data: bytes) -> None:
        """Type *data* as a terminal of some other encoding sends it, with a line end."""
        os.write(self._side, data + b"\n")

    async def until(self, text: str) -> None:
        """Wait until *text* was shown; raises `TimeoutError` with all that was."""
        try:
            async with asyncio.timeout(LONGEST_S):
                while text not in self.seen:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(self.seen) from None

    async def until_asleep(self) -> None:
        """Wait until the command waits for whoever types, where the system tells: an earlier signal may go unseen."""
        stat = Path(f"/proc/{self.started.pid}/stat")
        async with asyncio.timeout(LONGEST_S):
            while stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "S":  # noqa: ASYNC240  # of no disk
                await asyncio.sleep(0.01)

    async def end(self) -> int:
        """Wait for the command's end and return its exit status; all it showed is `seen`."""
        async with asyncio.timeout(LONGEST_S):
            status = await self.started.wait()
        self._read()
        return status

    def close(self) -> None:
        """Give the terminal back."""
        asyncio.get_running_loop().remove_reader(self._side)
        os.close(self._side)

    def _read(self) -> None:
        try:
            self.seen += self._decode(os.read(self._side, 1 << 16))
        except (BlockingIOError, OSError):  # nothing more, or nobody at the other side
            asyncio.get_running_loop().remove_reader(self._side)
        self._news.set()


@asynccontextmanager
async def terminal(
    *words: str, env: Mapping[str, str | None] = NOTHING, columns: int = 100, lines: int = 40
) -> AsyncGenerator[Terminal]:
    """Run a command on a terminal, which does not outlive the block."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    os.set_blocking(ours, False)
    sized = whole(env) | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(lines)}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tmdb_auth_async",
        *words,
        env=sized,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = Terminal(started, ours)
    try:
        yield shown
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
        shown.close()
