"""What the tests of the command line share: a command run in this process or in another."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
from click.testing import CliRunner

from tmdb_auth_async.cli.app import commands
from tmdb_auth_async.testing import FakeTMDB

Environment = dict[str, str | None]
"""What a command finds in its environment; `None` is for what is not there."""

NOTHING: Mapping[str, str | None] = dict.fromkeys(
    (
        "BROWSER",
        "DISPLAY",
        "NO_COLOR",
        "TMDB_API_KEY",
        "TMDB_AUTH_STORE",
        "TMDB_PASSWORD",
        "TMDB_READ_ACCESS_TOKEN",
        "TMDB_URL",
        "TMDB_USERNAME",
        "WAYLAND_DISPLAY",
    )
)
"""An environment that says nothing of what the command line asks it for."""

LONGEST_S = 20.0


@attrs.frozen
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON document that it answered."""
        return json.loads(self.out)


def knowing(fake: FakeTMDB, folder: Path) -> Environment:
    """Return the environment of a program that uses *fake*, and keeps its sessions in *folder*."""
    return {
        **NOTHING,
        "TMDB_URL": fake.url,
        "TMDB_READ_ACCESS_TOKEN": fake.read_access_token,
        "TMDB_AUTH_STORE": str(folder / "sessions.db"),
    }


async def run(*words: str, env: Mapping[str, str | None] = NOTHING) -> Ended:
    """Run a command in a thread of this process, away from the loop of its fake."""
    result = await asyncio.to_thread(CliRunner().invoke, commands, words, env=dict(env), prog_name="tmdb-auth")
    return Ended(result.exit_code, result.stdout, result.stderr)


@asynccontextmanager
async def process(
    *words: str,
    env: Mapping[str, str | None] = NOTHING,
    python: tuple[str, ...] = ("-m", "tmdb_auth_async"),
    redirect: str = "",
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a command in a process of its own, which does not outlive the block; *redirect* is a shell's."""
    pipe = asyncio.subprocess.PIPE
    shell = ("sh", "-c", f'exec "$@" {redirect}', "sh") if redirect else ()
    started = await asyncio.create_subprocess_exec(
        *shell, sys.executable, *python, *words, env=whole(env), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await ended(started)


async def run_process(*words: str, env: Mapping[str, str | None] = NOTHING, redirect: str = "") -> Ended:
    """Run a command in a process of its own to its end."""
    async with process(*words, env=env, redirect=redirect) as started:
        return await ended(started)


async def ended(started: asyncio.subprocess.Process) -> Ended:
    """Wait for the end of a process."""
    async with asyncio.timeout(LONGEST_S):
        out, err = await started.communicate()
    return Ended(started.returncode or 0, out.decode(), err.decode())


def whole(env: Mapping[str, str | None]) -> dict[str, str]:
    """Return the environment of this process with *env* put over it."""
    both = {**os.environ, **env}
    return {name: text for name, text in both.items() if text is not None}
