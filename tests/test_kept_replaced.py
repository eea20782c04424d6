"""A name that goes from one session to the next: whatever fails or is cancelled meanwhile, none of them is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tmdb_auth_async import AuthError, SessionManager
from tmdb_auth_async.errors import Unreachable
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .kept_kit import BY_HAND, DELETE, LOGIN, TellingStore, completed, on


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store."""
    return tmp_path / "sessions.db"


async def _only_what_is_kept_lives(fake: FakeTMDB, path: Path) -> None:
    """Resume what the store names, log out, and see that nothing is left."""
    async with on(fake, path) as manager:
        session = await manager.resume()
        await session.get("/3/account")
        assert fake.sessions == {session.id}
        await manager.logout()
    assert not fake.sessions


async def test_what_a_web_login_replaces_is_in_the_journal(fake: FakeTMDB, path: Path) -> None:
    """A session that could not be deleted when its name went to another is closed by the next manager."""
    async with on(fake, path) as manager:
        await manager.login(LOGIN)
        fake.fail(times=None, status=403, path=DELETE)
        await completed(manager)
    assert len(fake.sessions) == 2
    fake.heal()
    await _only_what_is_kept_lives(fake, path)


async def test_what_a_reopening_replaces_is_in_the_journal(fake: FakeTMDB, path: Path) -> None:
    """The same where a refusal was wrong, and the session that seemed over lives on."""
    async with on(fake, path) as manager:
        session = await manager.login(LOGIN)
        fake.fail(times=None, status=403, path=DELETE)
        fake.fail(status=401, code=3, path="/3/account")
        await session.get("/3/account")
    assert len(fake.sessions) == 2
    fake.heal()
    await _only_what_is_kept_lives(fake, path)


async def test_a_web_login_cancelled_while_it_is_saved_is_kept(fake: FakeTMDB, path: Path) -> None:
    """The cancel is raised; the name has the new session, and the one before is closed."""
    store = TellingStore(path)
    async with plain(fake, store=store) as manager:
        old = (await manager.login(LOGIN)).id
        store.saving.clear()
        login = asyncio.create_task(completed(manager))
        await store.saving.wait()
        login.cancel()
        with pytest.raises(asyncio.CancelledError):
            await login
        session = await manager.resume()
        assert session.id != old
    await _only_what_is_kept_lives(fake, path)


async def test_a_web_login_that_waits_for_its_name_can_be_cancelled(fake: FakeTMDB, path: Path) -> None:
    """It leaves at once, its session is closed, and the name has what it had."""
    store = TellingStore(path)
    async with plain(fake, store=store) as manager:
        kept = await manager.login(LOGIN)
        async with store.hold(f"default @ {fake.url}"):
            login = asyncio.create_task(completed(manager))
            while len(fake.sessions) < 2:
                await asyncio.sleep(0)
            for _ in range(50):
                await asyncio.sleep(0)
            login.cancel()
            with pytest.raises(asyncio.CancelledError):
                await login
        assert await manager.resume() is kept
    await _only_what_is_kept_lives(fake, path)


async def test_a_login_cancelled_while_it_is_saved_is_kept(fake: FakeTMDB, path: Path) -> None:
    """The store names no session that is closed: the next login has what the cancelled one opened."""
    store = TellingStore(path)
    async with plain(fake, store=store) as manager:
        login = asyncio.create_task(manager.login(BY_HAND))
        await store.saving.wait()
        login.cancel()
        with pytest.raises(asyncio.CancelledError):
            await login
        await (await manager.login(BY_HAND)).get("/3/account")
        assert manager.stats().opened == 1
    await _only_what_is_kept_lives(fake, path)


@pytest.mark.parametrize("kind", ["login", "web login", "reopening"])
async def test_a_manager_that_ends_while_it_saves_keeps_what_it_names(fake: FakeTMDB, path: Path, kind: str) -> None:
    """What is under a name when the manager is closed in the middle of it lives, and nothing else."""
    store = TellingStore(path)
    async with plain(fake, store=store) as manager:
        work: asyncio.Task[object]
        if kind == "login":
            work = asyncio.create_task(manager.login(LOGIN))
        elif kind == "web login":
            await manager.login(LOGIN)
            store.saving.clear()
            work = asyncio.create_task(completed(manager))
        else:
            session = await manager.login(LOGIN)
            assert session.id is not None
            fake.revoke(session.id)
            store.saving.clear()
            work = asyncio.create_task(_use(manager))
        await store.saving.wait()
        await manager.aclose()
        await asyncio.wait({work})
    await _only_what_is_kept_lives(fake, path)


async def test_a_name_whose_new_session_cannot_be_saved_keeps_the_old(
    fake: FakeTMDB, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is raised, the new session is closed, and the old one is neither closed nor left to be recovered."""

    async def away(*_: object) -> None:
        raise Unreachable("the store is away")

    store = TellingStore(path)
    async with plain(fake, store=store) as manager:
        kept = await manager.login(LOGIN)
        with monkeypatch.context() as broken:
            broken.setattr(store, "save", away)
            with pytest.raises(Unreachable):
                await completed(manager)
        while fake.sessions != {kept.id}:
            await asyncio.sleep(0)
        with monkeypatch.context() as broken:
            broken.setattr(store, "delete", away)
            with pytest.raises(Unreachable):
                await manager.logout()
        await (await manager.resume()).get("/3/account")
    await _only_what_is_kept_lives(fake, path)


async def test_a_request_beside_a_logout_opens_nothing_anew(fake: FakeTMDB, path: Path) -> None:
    """Refused because its session was deleted meanwhile, it is refused: nobody would close what it opened."""
    async with on(fake, path) as durable, plain(fake) as manager:
        for one in (manager, durable):
            session = await one.login(LOGIN)
            with fake.hold("/3/account"):
                request = asyncio.create_task(session.get("/3/account"))
                await fake.arrived("/3/account", count=1 + (one is durable))
                await one.logout()
            with pytest.raises(AuthError):
                await request
            assert await one.names() == ()
            assert not fake.sessions


async def _use(manager: SessionManager) -> None:
    await (await manager.resume()).get("/3/account")
