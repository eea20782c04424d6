"""Kept sessions that cannot be read: what meets them says so and leaves them be, and a logout removes them."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import keyring
import keyring.errors
import pytest

from tmdb_auth_async import NotConfigured, NotLoggedIn, SessionClosed, SessionManager
from tmdb_auth_async.stores import KeyringStore, SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .json_keyring import JsonKeyring
from .kept_kit import LOGIN, completed, on
from .showing import shown

CANARY = "a-secret-of-the-entry"
DAMAGED = '{"id": "' + CANARY
NEWER = json.dumps({"v": 2, "kind": "tmdb_auth_async.tmdb.sessions:UserSession", "data": {"id": CANARY}})
FOREIGN = json.dumps({"v": 1, "kind": "their.own:Session", "data": {"id": CANARY}})

each = pytest.mark.parametrize("text", [DAMAGED, NEWER, FOREIGN], ids=["damaged", "newer", "foreign"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store."""
    return tmp_path / "sessions.db"


@pytest.fixture
async def manager(fake: FakeTMDB, path: Path) -> AsyncIterator[SessionManager]:
    """Give a manager on that store."""
    async with on(fake, path) as made:
        yield made


async def _spoil(fake: FakeTMDB, path: Path, text: str, name: str = "default") -> None:
    """Put *text* under *name*, as a newer release or an accident would."""
    store = SQLiteStore(path)
    await store.save(f"{name} @ {fake.url}", text)
    await store.aclose()


async def _kept(fake: FakeTMDB, path: Path) -> str | None:
    store = SQLiteStore(path)
    text = await store.load(f"default @ {fake.url}")
    await store.aclose()
    return text


@each
async def test_what_cannot_be_read_is_named_and_left(
    fake: FakeTMDB, path: Path, manager: SessionManager, text: str
) -> None:
    """Resume, login and web login say which it is and what to do; a newer release can still read it after them."""
    await _spoil(fake, path, text)
    for use in (manager.resume(), manager.login(LOGIN), completed(manager)):
        with pytest.raises(NotConfigured, match="kept under 'default', and a logout removes it") as caught:
            await use
        assert caught.value.unreadable
        assert CANARY not in shown(caught.value)
    assert await _kept(fake, path) == text
    while fake.sessions:  # the web login's is being closed
        await manager.get("/3/configuration")


@each
async def test_a_logout_removes_what_cannot_be_read(
    fake: FakeTMDB, path: Path, manager: SessionManager, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """It warns that a session may stay open; the name is free then."""
    await _spoil(fake, path, text)
    with caplog.at_level(logging.WARNING):
        await manager.logout()
    assert "may stay open at the service" in caplog.text
    assert CANARY not in caplog.text
    assert await manager.names() == ()
    with pytest.raises(NotLoggedIn):
        await manager.logout()
    await (await manager.login(LOGIN)).get("/3/account")
    await manager.logout()
    assert not fake.sessions


async def test_a_logout_closes_what_is_in_memory_too(fake: FakeTMDB, path: Path, manager: SessionManager) -> None:
    """By `close` as well: the living handle whose entry was spoilt meanwhile is closed at the service."""
    for close in (manager.logout, None):
        session = await manager.login(LOGIN)
        await _spoil(fake, path, NEWER)
        await (close or session.close)()
        assert not fake.sessions
        with pytest.raises(SessionClosed):
            await session.get("/3/account")
        assert await manager.names() == ()


async def test_a_name_that_may_be_a_credential_is_not_quoted(
    fake: FakeTMDB, path: Path, manager: SessionManager
) -> None:
    """As where nothing is kept under it."""
    name = "UbqdzUeJQH7RIyAuFlxIfGK-SFMg6QPi63YIMxZaRvQ"
    await _spoil(fake, path, DAMAGED, name)
    with pytest.raises(NotConfigured, match=r"not shown here.*a logout removes it") as caught:
        await manager.resume(name)
    assert name[-20:] not in shown(caught.value)
    await manager.logout(name)


async def test_what_a_keyring_has_lost_a_part_of_is_removed_by_a_logout(fake: FakeTMDB, ring: JsonKeyring) -> None:
    """The index names it still; others are not touched."""
    async with plain(fake, store=KeyringStore()) as manager:
        for name in ("ada", "other"):
            await manager.login(LOGIN, name=name)
        (part,) = json.loads(ring.entries["tmdb_auth_async/index"])["kept"][f"ada @ {fake.url}"]
        ring.delete_password("tmdb_auth_async", part)
    async with plain(fake, store=KeyringStore()) as manager:
        with pytest.raises(NotConfigured, match=r"lost a part.*kept under 'ada', and a logout removes it"):
            await manager.resume("ada")
        await manager.logout("ada")
        assert await manager.names() == ("other",)
        await manager.logout("other")
    assert len(fake.sessions) == 1


async def test_a_keyring_that_is_locked_has_no_entry_removed(fake: FakeTMDB, ring: JsonKeyring) -> None:
    """What cannot be read for now is no unreadable entry: the logout is refused, and nothing is lost."""
    async with plain(fake, store=KeyringStore()) as manager:
        session = await manager.login(LOGIN)
        before = ring.entries
        ring.failure = keyring.errors.KeyringLocked()
        with pytest.raises(NotConfigured, match="unlock it"):
            await manager.logout()
        ring.failure = None
        assert ring.entries == before
        await session.get("/3/account")
        await manager.logout()
    assert not fake.sessions
