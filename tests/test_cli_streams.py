"""The command line where a standard stream is closed, full, or no longer read: its statuses, never a traceback."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import LONGEST_S, Ended, Environment, knowing, run_process, whole

if sys.platform == "win32":
    pytest.skip("needs the redirections of a POSIX shell", allow_module_level=True)


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path) | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}


async def test_a_closed_input_is_no_terminal(env: Environment) -> None:
    """Nobody can be asked there for what is missing, or to confirm; what needs no answer is done."""
    missing = await run_process("validate", env=env | {"TMDB_READ_ACCESS_TOKEN": None}, redirect="<&-")
    assert (missing.status, len(missing.err.splitlines())) == (2, 1)
    assert "set TMDB_READ_ACCESS_TOKEN" in missing.err
    assert (await run_process("validate", env=env, redirect="<&-")).status == 0
    assert (await run_process("login", "--password", env=env)).status == 0
    asked = await run_process("sessions", "--show-id", "default", env=env, redirect="<&-")
    assert (asked.status, len(asked.err.splitlines())) == (2, 1)
    assert "--yes" in asked.err


@pytest.mark.parametrize("redirect", [">&-", "2>&-", "<&- >&- 2>&-"])
async def test_a_closed_output_hears_nothing(fake_tmdb: FakeTMDB, env: Environment, redirect: str) -> None:
    """The command does its work, and ends by its own status."""
    login = await run_process("login", "--password", env=env, redirect=redirect)
    assert (login.status, login.err) == (0, "")
    assert len(fake_tmdb.sessions) == 1
    logout = await run_process("logout", "--json", env=env, redirect=redirect)
    assert (logout.status, logout.err) == (0, "")
    assert not fake_tmdb.sessions
    assert (await run_process("whoami", env=env, redirect=redirect)).status == 2
    assert (await run_process("--help", env=env | {"PYTHONDEVMODE": "1"}, redirect=redirect)).err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "words",
    [("validate",), ("validate", "--json"), ("sessions", "--help"), ("--help",), ("--version",), ("demo",), ("fake",)],
)
async def test_an_answer_that_cannot_be_written_is_one_line(env: Environment, words: tuple[str, ...]) -> None:
    """It is exit status 3, and a command that would go on stops."""
    said = await run_process(*words, env=env, redirect=">/dev/full")
    assert said == Ended(3, "", "tmdb-auth: the answer cannot be written: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_line_that_cannot_be_written_is_no_traceback(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """Neither the log nor the one line arrives: the status tells of it, and nothing is open."""
    assert (await run_process("-v", "login", "--password", env=env, redirect="2>/dev/full")).status == 3
    assert not fake_tmdb.sessions
    assert (await run_process("whoami", env=env, redirect="2>/dev/full")).status == 3


@pytest.mark.parametrize(
    "words",
    [("validate",), ("validate", "--json"), ("sessions", "--help"), ("--help",), ("demo",), ("fake",), ("logout",)],
)
async def test_a_reader_that_has_gone_ends_it_silently(
    fake_tmdb: FakeTMDB, env: Environment, words: tuple[str, ...]
) -> None:
    """Its status is that of SIGPIPE, for TMDB has refused nothing, and what the command did is done."""
    assert (await run_process("login", "--password", env=env)).status == 0
    assert await unread(*words, env=env) == (141, "")
    assert len(fake_tmdb.sessions) == (0 if words == ("logout",) else 1)


async def unread(*words: str, env: Environment) -> tuple[int, str]:
    """Run a command to whose output nobody listens, and return its exit status and what it said beside."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        program = (sys.executable, "-m", "tmdb_auth_async", *words)
        pipe = subprocess.PIPE
        started = await asyncio.create_subprocess_exec(*program, env=whole(env), stdout=writing, stderr=pipe)
    finally:
        os.close(writing)
    async with asyncio.timeout(LONGEST_S):
        _, err = await started.communicate()
    return started.returncode or 0, err.decode()
