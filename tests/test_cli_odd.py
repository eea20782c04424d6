"""The command line where a service says what a terminal or a calendar cannot: one line, never a traceback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tmdb_auth_async.cli.describing import Described
from tmdb_auth_async.records import to_text
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.tmdb import GuestSession

from .cli_stage import Environment, knowing, run, run_process

LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
NARROW = {
    "by its own word": {"PYTHONIOENCODING": "ascii"},
    "by its locale": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": None,
    },
}
"""What makes an output take ASCII only."""


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where somebody has an account whose name is not ASCII."""
    fake_tmdb.add_user("zoë", "secret")
    return knowing(fake_tmdb, tmp_path) | {"TMDB_USERNAME": "zoë", "TMDB_PASSWORD": "secret"}


@pytest.fixture
def _own_timezone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the timezone back that a test has set."""
    if not hasattr(time, "tzset"):
        pytest.skip("the timezone of a process cannot be set here")
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("narrow", NARROW.values(), ids=NARROW)
async def test_a_name_that_cannot_be_written_is_escaped(env: Environment, narrow: Environment) -> None:
    """Login and whoami end well, whatever the output's encoding."""
    login = await run_process("login", "--password", env=env | {"PYTHONIOENCODING": "ascii"})
    whoami = await run_process("whoami", env=env | narrow)
    assert (login.status, login.out) == (0, "Logged in as zo\\xeb, kept as default\n")
    assert (whoami.status, whoami.out) == (0, "zo\\xeb, account 548, kept as default\n")
    assert not login.err + whoami.err


@pytest.mark.usefixtures("_own_timezone")
@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        ("XST-9", LAST, "9999-12-31 23:59 UTC"),
        ("XST-9", datetime(2030, 1, 2, 15, 4, tzinfo=UTC), "2030-01-03 00:04"),
        ("XST5", datetime(1, 1, 1, tzinfo=UTC), "01-01 00:00 UTC"),
    ],
)
def test_an_end_that_is_nowhere_in_local_time_is_said_in_utc(
    zone: str, at: datetime, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last second of the last year, east of Greenwich, is in no calendar."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert Described(name="guest", kind="guest", expires_at=at).ends.endswith(said)


async def test_the_list_takes_any_end(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """A guest session that ends with the calendar does not end the list, as data neither."""
    store = SQLiteStore(env["TMDB_AUTH_STORE"])
    await store.save(f"guest @ {fake_tmdb.url}", to_text(GuestSession("0" * 32, LAST)))
    await store.aclose()
    listed = await run_process("sessions", env=env | {"TZ": "XST-9"})
    data = await run_process("sessions", "--json", env=env | {"TZ": "XST-9"})
    assert (listed.status, data.status) == (0, 0)
    assert "9999-12-31" in listed.out
    assert data.data["sessions"][0]["expires_at"] == LAST.isoformat()


@pytest.mark.parametrize("form", ["redis://:CANARY@127.0.0.1:9/0", "rediss://:CANARY@h", "sqlite:////CANARY.db"])
async def test_a_url_is_no_file_for_sessions(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """A store that the command line has not is refused with status 2; its password is told nobody, folders neither."""
    monkeypatch.chdir(tmp_path)
    for words, given in ((("sessions",), {"TMDB_AUTH_STORE": form}), (("whoami", "--store", form, "--json"), {})):
        said = await run(*words, env=env | given)
        assert said.status == 2
        assert "'--store'" in said.err
        assert "give its path, not a URL" in said.err
        assert "CANARY" not in said.out + said.err
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
