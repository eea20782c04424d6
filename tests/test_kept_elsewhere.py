"""Kept sessions of two managers on one store: what one has put under a name, the other neither loses nor leaks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tmdb_auth_async import NotLoggedIn, SessionClosed
from tmdb_auth_async.errors import Unreachable
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .kept_kit import DELETE, LOGIN, completed, on


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store."""
    return tmp_path / "sessions.db"


async def _nothing_is_left(fake: FakeTMDB, path: Path) -> None:
    async with on(fake, path) as manager:
        assert await manager.names() == ()
        assert await manager.recover() == 0
    assert not fake.sessions


async def test_a_logout_closes_what_another_manager_has_opened_since(fake: FakeTMDB, path: Path) -> None:
    """By an older handle: the session that the store has, and is to forget, is closed with it."""
    async with on(fake, path) as older, on(fake, path) as newer:
        await older.login(LOGIN)
        await newer.login(LOGIN)
        await newer.logout()
        await newer.login(LOGIN)
        await older.logout()
        assert not fake.sessions
    await _nothing_is_left(fake, path)


async def test_a_logout_closes_what_another_manager_has_renewed(fake: FakeTMDB, path: Path) -> None:
    """As above, where the service had ended the session that both shared."""
    async with on(fake, path) as older, on(fake, path) as newer:
        session = await older.login(LOGIN)
        assert session.id is not None
        fake.revoke(session.id)
        await (await newer.login(LOGIN)).get("/3/account")
        assert fake.sessions
        await session.close()
        assert not fake.sessions
    await _nothing_is_left(fake, path)


async def test_two_that_differ_are_both_closed_by_a_logout(fake: FakeTMDB, path: Path) -> None:
    """Where both are alive, because the other manager's close has not come through, both end."""
    async with on(fake, path) as older, on(fake, path) as newer:
        await older.login(LOGIN)
        await newer.resume()
        with fake.hold(DELETE):
            await completed(newer)
            await fake.arrived(DELETE)
            assert len(fake.sessions) == 2
            logout = asyncio.create_task(older.logout())
            await fake.arrived(DELETE, count=3)
        await logout
    await _nothing_is_left(fake, path)


async def test_a_logout_that_fails_is_made_up_for(fake: FakeTMDB, path: Path) -> None:
    """Both are in the journal before the store forgets the name: the next manager closes them."""
    async with on(fake, path) as older, on(fake, path) as newer:
        await older.login(LOGIN)
        await newer.login(LOGIN)
        await newer.logout()
        await newer.login(LOGIN)
        fake.fail(times=None, status=403, path=DELETE)
        await older.logout()
    assert fake.sessions
    fake.heal()
    async with on(fake, path) as manager:
        assert manager.stats().recovered == 2
    await _nothing_is_left(fake, path)


async def test_a_web_login_closes_what_another_manager_has_opened_since(fake: FakeTMDB, path: Path) -> None:
    """The name goes to the newest session; neither of the older ones stays."""
    async with on(fake, path) as older, on(fake, path) as newer:
        await older.login(LOGIN)
        await newer.login(LOGIN)
        await newer.logout()
        await newer.login(LOGIN)
        session = await completed(older)
        while fake.sessions != {session.id}:
            await asyncio.sleep(0)
    async with on(fake, path) as manager:
        await manager.logout()
    await _nothing_is_left(fake, path)


async def test_a_logout_is_not_undone_by_an_older_handle(fake: FakeTMDB, path: Path) -> None:
    """Its next requests find nothing under the name and say so; the login after them opens a session."""
    async with on(fake, path) as older, on(fake, path) as newer:
        session = await older.login(LOGIN)
        await newer.login(LOGIN)
        await newer.logout()
        outcomes = await asyncio.gather(*(session.get("/3/account") for _ in range(5)), return_exceptions=True)
        assert all(isinstance(outcome, SessionClosed) for outcome in outcomes)
        assert session.closed
        with pytest.raises(SessionClosed):
            await session.get("/3/account")
        assert await older.names() == ()
        assert older.stats().opened == 1
        assert not fake.sessions
        await (await older.login(LOGIN)).get("/3/account")
        await older.logout()
    await _nothing_is_left(fake, path)


async def test_a_session_that_its_store_has_lost_is_left_at_no_service(fake: FakeTMDB, path: Path) -> None:
    """Refused one request, but alive: its handle is closed, and so is it, since nobody else could."""
    store = SQLiteStore(path)
    async with plain(fake, store=store) as manager:
        session = await manager.login(LOGIN)
        await store.delete(f"default @ {fake.url}")
        fake.fail(status=401, code=3, path="/3/account")
        with pytest.raises(SessionClosed, match="log in again"):
            await session.get("/3/account")
    await _nothing_is_left(fake, path)


async def test_a_store_that_is_away_closes_no_handle(
    fake: FakeTMDB, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it keeps is not known then: the error is its own, and the next request opens the session anew."""

    async def away(*_: object) -> None:
        raise Unreachable("the store is away")

    store = SQLiteStore(path)
    async with plain(fake, store=store) as manager:
        session = await manager.login(LOGIN)
        assert session.id is not None
        fake.revoke(session.id)
        with monkeypatch.context() as broken:
            broken.setattr(store, "load", away)
            with pytest.raises(Unreachable):
                await session.get("/3/account")
        await session.get("/3/account")
        await manager.logout()
    await _nothing_is_left(fake, path)


async def test_resumes_at_once_give_one_handle(fake: FakeTMDB, path: Path) -> None:
    """To all who ask, a login among them; what is kept stays when their manager ends."""
    async with on(fake, path) as manager:
        kept = (await manager.login(LOGIN)).id
    async with on(fake, path) as manager:
        asked = [manager.resume(), manager.resume(), manager.login(LOGIN), manager.resume()]
        assert len(set(await asyncio.gather(*asked))) == 1
        assert manager.stats().open_now == 1
    assert fake.sessions == {kept}
    async with on(fake, path) as manager:
        await (await manager.resume()).get("/3/account")
        await manager.logout()
    await _nothing_is_left(fake, path)


@pytest.mark.parametrize("turns", range(0, 60, 4))
async def test_a_resume_beside_a_logout_gives_nothing_that_lives_on(fake: FakeTMDB, path: Path, turns: int) -> None:
    """Whichever comes first: there is nothing to resume, or its handle is closed with the rest."""
    async with on(fake, path) as manager:
        await manager.login(LOGIN)
    async with on(fake, path) as manager:
        logout = asyncio.create_task(manager.logout())
        for _ in range(turns):
            await asyncio.sleep(0)
        try:
            session = await manager.resume()
        except NotLoggedIn:
            session = None
        await logout
        if session is not None:
            with pytest.raises(SessionClosed):
                await session.get("/3/account")
        with pytest.raises(NotLoggedIn):
            await manager.resume()
    await _nothing_is_left(fake, path)


@pytest.mark.parametrize("turns", range(0, 60, 4))
async def test_a_resume_beside_a_web_login_gives_the_old_or_the_new(fake: FakeTMDB, path: Path, turns: int) -> None:
    """Never a second handle of the new one, which the manager's end would close."""
    async with on(fake, path) as manager:
        await manager.login(LOGIN)
    async with on(fake, path) as manager:
        login = asyncio.create_task(completed(manager))
        await fake.arrived("/3/authentication/session/new", count=2)
        for _ in range(turns):
            await asyncio.sleep(0)
        resumed = await manager.resume()
        session = await login
        assert resumed is session or resumed.closed
        assert await manager.resume() is session
        kept = session.id
    assert fake.sessions == {kept}
    async with on(fake, path) as manager:
        await manager.logout()
    await _nothing_is_left(fake, path)
