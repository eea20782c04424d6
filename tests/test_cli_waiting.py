"""The command line where another program is at the same session: who waits is told so."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import LONGEST_S, Ended, Environment, ended, knowing, process

COOKIE = "aB3" * 14
"""A name that looks like a credential."""


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path) | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}


async def _said(started: asyncio.subprocess.Process, words: str) -> str:
    """Wait for a line on the standard error that holds *words*."""
    assert started.stderr is not None
    async with asyncio.timeout(LONGEST_S):
        while words not in (line := (await started.stderr.readline()).decode()):
            assert line, "it ended without a word of that"
    return line


async def test_who_waits_for_another_login_is_told(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The second login says for what it waits, and goes on with the session that the first one has opened."""
    async with process("login", "--link", "--name", "tv", env=env) as first:
        await _said(first, "/authenticate/")
        async with process("login", "--link", "--name", "tv", env=env) as second:
            said = await _said(second, "Another login")
            assert said == "Another login or logout under 'tv' is going on: waiting for its end. Ctrl-C stops.\n"
            (request_token,) = fake_tmdb.request_tokens
            fake_tmdb.approve(request_token)
            assert (await ended(first)).status == 0
            assert await ended(second) == Ended(0, "Logged in as ada, kept as tv\n", "")
    assert len(fake_tmdb.sessions) == 1


async def test_who_waits_may_leave(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """Ctrl-C ends the wait alone; a name that looks like a credential is not told."""
    async with process("login", "--link", "--name", COOKIE, env=env) as first:
        await _said(first, "/authenticate/")
        async with process("login", "--password", "--name", COOKIE, env=env) as second:
            assert "the name given (not shown: it looks like a credential)" in await _said(second, "Another login")
            second.send_signal(signal.SIGINT)
            assert await ended(second) == Ended(130, "", "tmdb-auth: stopped\n")
        assert first.returncode is None
    assert not fake_tmdb.sessions


async def test_a_login_that_need_not_wait_tells_of_no_other(env: Environment) -> None:
    """Nobody else is at it."""
    async with process("login", "--password", env=env) as alone:
        assert (await ended(alone)).err == ""
