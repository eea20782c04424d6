"""The fake that the command line serves."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from .cli_stage import NOTHING, Environment, ended, process, run, run_process


def exports(lines: list[str]) -> Environment:
    """Read shell lines as a shell does."""
    words = [shlex.split(line) for line in lines]
    assert all(len(line) == 2 and line[0] == "export" for line in words)
    return {name: text for _, line in words for name, _, text in [line.partition("=")]}


def is_there(env: Environment) -> bool:
    """Say whether the folder for sessions is there."""
    return Path(env["TMDB_AUTH_STORE"] or "").parent.exists()


@asynccontextmanager
async def serving(*words: str, lines: int) -> AsyncGenerator[tuple[asyncio.subprocess.Process, list[str]]]:
    """Serve in a process of its own, and give what it printed."""
    async with process("fake", *words) as served:
        assert served.stdout is not None
        async with asyncio.timeout(20):
            yield served, [(await served.stdout.readline()).decode() for _ in range(lines)]


async def test_the_fake_serves_the_other_commands_until_ctrl_c() -> None:
    """Its lines are an environment for them; all of it is gone afterwards."""
    async with serving(lines=6) as (served, lines):
        env = {**NOTHING, **exports(lines)}
        assert (await run("login", "--password", env=env)).out == "Logged in as ada, kept as default\n"
        assert (await run("logout", env=env)).status == 0
        assert is_there(env)
        served.send_signal(signal.SIGINT)
        said = await ended(served)
    assert said.status == 0
    assert "Traceback" not in said.err
    assert not is_there(env)


async def test_a_sigterm_ends_the_fake_too() -> None:
    """What a supervisor sends leaves nothing behind either."""
    async with serving("--json", lines=8) as (served, lines):
        env = json.loads("".join(lines))
        assert is_there(env)
        served.send_signal(signal.SIGTERM)
        assert (await ended(served)).status == 0
    assert not is_there(env)


async def test_zitadel_is_served_beside_it() -> None:
    """Two more variables tell of it."""
    async with serving("--zitadel", lines=8) as (_, lines):
        assert {"TMDB_URL", "ZITADEL_URL", "ZITADEL_TOKEN"} <= exports(lines).keys()


async def test_a_port_that_is_taken_is_said_so() -> None:
    """It is exit status 2 and one line."""
    async with serving(lines=6) as (_, lines):
        port = (exports(lines)["TMDB_URL"] or "").rpartition(":")[2]
        again = await run_process("fake", "--port", port)
    assert again.status == 2
    assert again.err.startswith(f"tmdb-auth: port {port} of 127.0.0.1 is not to be had")
    assert len(again.err.splitlines()) == 1


async def test_what_else_the_system_refuses_is_not_laid_on_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room for the folder of sessions is said to be that, with status 2."""

    def full(**_: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    refused = await run("fake")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == "tmdb-auth: the fake cannot be served here: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
async def test_a_terminal_shows_what_arrives_and_no_secret() -> None:
    """Its credentials are told once, for they are its answer; requests are told by templates."""
    from .cli_terminal import terminal  # which imports what Windows has not

    guest = "c0ffee" * 6
    async with terminal("-v", "fake", columns=400) as shown:
        await shown.until("Ctrl-C ends it.")
        told = shown.words.splitlines()
        env = {**NOTHING, **exports([line for line in told if line.startswith("export ")])}
        await run("login", "--password", env=env)
        session_id = (await run("sessions", "--show-id", "default", "--yes", env=env)).out.strip()
        async with aiohttp.ClientSession() as client:
            await client.get(f"{env['TMDB_URL']}/3/guest_session/{guest}/rated/movies")
        await run("logout", env=env)
        await shown.until("DELETE /3/authentication/session")
        shown.started.send_signal(signal.SIGINT)
        assert await shown.end() == 0
    assert "GET /3/guest_session/{guest_session_id}/rated/movies" in shown.words
    assert len(session_id) > 30
    assert session_id not in shown.seen
    assert guest not in shown.seen
    assert [shown.seen.count(env[name] or "-") for name in ("TMDB_READ_ACCESS_TOKEN", "TMDB_API_KEY")] == [1, 1]
