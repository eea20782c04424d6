"""Logging in by the browser of this machine."""

from __future__ import annotations

from pathlib import Path

from tmdb_auth_async.testing import FakeTMDB

from .cli_browser import browser
from .cli_stage import knowing, run_process


async def test_who_approves_in_the_browser_is_logged_in(fake_tmdb: FakeTMDB, tmp_path: Path) -> None:
    """The page comes back to the command, which keeps the session."""
    fake_tmdb.add_user("ada", "secret")
    env = knowing(fake_tmdb, tmp_path) | {"BROWSER": browser(tmp_path, "approve")}
    login = await run_process("login", env=env)
    assert (login.status, login.out) == (0, "Logged in as ada, kept as default\n")
    assert login.err.startswith("Approve in your browser.")
    assert len(fake_tmdb.sessions) == 1


async def test_who_denies_in_the_browser_is_not(fake_tmdb: FakeTMDB, tmp_path: Path) -> None:
    """It is exit status 1, and nothing is kept."""
    fake_tmdb.add_user("ada", "secret")
    env = knowing(fake_tmdb, tmp_path) | {"BROWSER": browser(tmp_path, "deny")}
    login = await run_process("login", "--browser", env=env)
    assert (login.status, login.out) == (1, "")
    assert login.err.splitlines()[-1] == "tmdb-auth: the user said no"
    assert not fake_tmdb.sessions


async def test_without_a_browser_it_is_not_attempted(fake_tmdb: FakeTMDB, tmp_path: Path) -> None:
    """Where the browser alone was wanted and there is none, another way is named, with status 2."""
    login = await run_process("login", "--browser", env=knowing(fake_tmdb, tmp_path))
    assert (login.status, login.out) == (2, "")
    assert "--link" in login.err
