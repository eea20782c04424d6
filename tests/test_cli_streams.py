"""The command line where a standard stream is closed, full, or no longer read: its statuses, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import Environment, knowing, run_process

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
