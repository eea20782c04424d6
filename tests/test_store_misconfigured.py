"""A store that cannot work is said to whoever enters the manager or opens a session; one that is away is not."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Chain,
    Guest,
    NotConfigured,
    Password,
    RequestTokenLogin,
    SessionManager,
    SessionStore,
    Unreachable,
    tmdb,
)
from tmdb_auth_async.stores import KeyringStore, RedisStore, SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .session_kit import Opened

ADA = RequestTokenLogin(Password("ada", "secret"))


class Lame(SQLiteStore):
    """A store that reads and cannot write."""

    async def record(self, key: str, text: str, /) -> None:
        """Refuse."""
        del key, text
        message = "cannot be written to: mend the store"
        raise NotConfigured(message)


@pytest.fixture
def fake(fake_tmdb: FakeTMDB) -> FakeTMDB:
    """Serve a TMDB that knows ada."""
    fake_tmdb.add_user("ada", "secret")
    return fake_tmdb


def _manager(fake: FakeTMDB, store: SessionStore) -> SessionManager:
    return SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=store, ready=1)


@pytest.mark.parametrize(
    ("store", "library", "extra"),
    [
        (SQLiteStore("never-made.db"), "aiosqlite", "sqlite"),
        (KeyringStore(), "keyring", "keyring"),
        (RedisStore("redis://127.0.0.1"), "redis.asyncio", "redis"),
    ],
)
async def test_a_missing_extra_is_named_as_the_manager_is_entered(
    fake: FakeTMDB, store: SessionStore, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scoped session is not opened without the journal that its manager was given; nothing is left open."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotConfigured, match=rf"tmdb-auth-async\[{extra}\]"):
        async with _manager(fake, store):
            pytest.fail("entered")
    assert "session" not in "".join(one.path for one in fake.requests)


async def test_a_missing_extra_is_named_without_an_entry_too(fake: FakeTMDB, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manager that nobody entered says it when a session is opened, which is closed again."""
    monkeypatch.setitem(sys.modules, "aiosqlite", None)
    manager = _manager(fake, SQLiteStore("never-made.db"))
    with pytest.raises(NotConfigured, match=r"tmdb-auth-async\[sqlite\]"):
        async with manager.session(ADA):
            pytest.fail("opened")
    assert not fake.sessions
    assert manager.stats().open_now == 0
    await manager.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX modes")
async def test_a_file_that_others_read_is_told_as_the_manager_is_entered(fake: FakeTMDB, tmp_path: Path) -> None:
    """The error says which file, and what to do with it."""
    path = tmp_path / "s.db"
    path.touch()
    path.chmod(0o644)
    with pytest.raises(NotConfigured, match=r"chmod 600") as caught:
        async with _manager(fake, SQLiteStore(path)):
            pytest.fail("entered")
    assert str(path) in str(caught.value)


class Heir(RequestTokenLogin):
    """A login that says nothing of how it asks, and so opens in a task of its own."""


@pytest.mark.parametrize("login", [ADA, Heir(Password("ada", "secret"))], ids=["here", "apart"])
async def test_a_store_that_stops_working_opens_no_session(
    fake: FakeTMDB, tmp_path: Path, login: RequestTokenLogin
) -> None:
    """What was opened while the journal could not be written is deleted, and the error raised."""
    async with _manager(fake, Lame(tmp_path / "s.db")) as manager:
        with pytest.raises(NotConfigured, match="mend the store"):
            async with manager.session(login):
                pytest.fail("opened")
        assert not fake.sessions
        assert manager.stats().open_now == 0


async def test_what_no_call_has_told_of_is_opened_and_warned_of(
    fake: FakeTMDB, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger's session of which only its strategy knows how it is closed goes without a journal."""
    async with (
        _manager(fake, Lame(tmp_path / "s.db")) as manager,
        manager.session(Opened(tmdb.UserSession("abc"))) as session,
    ):
        assert not session.closed
    assert [record.message for record in _warnings(caplog)] == [
        "the journal could not be written (NotConfigured): a crash would leave a session"
    ]


async def test_a_chain_tries_nothing_after_a_session_that_could_not_be_journalled(
    fake: FakeTMDB, tmp_path: Path
) -> None:
    """The session is deleted and the error raised: it is no login that could not be tried."""
    async with _manager(fake, Lame(tmp_path / "s.db")) as manager:
        with pytest.raises(NotConfigured, match="mend the store"):
            async with manager.session(Chain(ADA, Guest())):
                pytest.fail("opened")
        assert not fake.sessions
        assert not fake.guest_sessions


async def test_a_store_that_is_away_stops_no_scope(
    fake: FakeTMDB, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    """A Redis that is not there is warned of, and the session opened and deleted all the same."""
    async with _manager(fake, RedisStore(f"redis://127.0.0.1:{unused_tcp_port}")) as manager, manager.session(ADA):
        assert len(fake.sessions) == 1
    assert not fake.sessions
    assert {record.message.partition(" (")[2].partition(")")[0] for record in _warnings(caplog)} == {
        Unreachable.__name__
    }


def _warnings(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno == logging.WARNING]
