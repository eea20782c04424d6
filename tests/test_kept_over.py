"""Kept sessions that are over, by the service's word or by their own time: none is handed out for ever."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tmdb_auth_async import Guest, NotLoggedIn, PermissionDenied, Session
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .kept_kit import BY_HAND, LOGIN, completed, on, set_clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store."""
    return tmp_path / "sessions.db"


LATER = timedelta(hours=2)


def _let_guests_end_soon(fake: FakeTMDB) -> None:
    """Let every guest session of *fake* be over in an hour."""
    end = datetime.now(UTC) + timedelta(hours=1)
    said = {"success": True, "guest_session_id": "f" * 32, "expires_at": f"{end:%Y-%m-%d %H:%M:%S} UTC"}
    fake.fail(status=200, body=json.dumps(said).encode(), times=None, path="/3/authentication/guest_session/new")


async def _refused(fake: FakeTMDB, session: Session) -> None:
    """End *session* at the service, and let it be refused."""
    assert session.id is not None
    fake.revoke(session.id)
    with pytest.raises(PermissionDenied):
        await session.get("/3/account")


async def test_the_login_after_a_refusal_asks_the_person_again(fake: FakeTMDB, path: Path) -> None:
    """Once, whatever keeps the sessions; everybody's handle goes on with what they approved, and nothing is left."""
    for manager_of in (plain(fake), on(fake, path)):
        async with manager_of as manager:
            session = await manager.login(BY_HAND)
            await _refused(fake, session)
            assert set(await asyncio.gather(*(manager.login(BY_HAND) for _ in range(10)))) == {session}
            await session.get("/3/account")
            assert await manager.resume() is session
            assert manager.stats().opened == 2
            await manager.logout()
        assert not fake.sessions


async def test_what_a_resume_brought_back_and_is_refused_is_opened_anew_by_a_login(fake: FakeTMDB, path: Path) -> None:
    """It has no strategy of its own before."""
    async with on(fake, path) as manager:
        await manager.login(BY_HAND)
    async with on(fake, path) as manager:
        session = await manager.resume()
        await _refused(fake, session)
        with pytest.raises(NotLoggedIn):
            await manager.resume()
        assert await manager.login(LOGIN) is session
        assert await manager.resume() is session
        await session.get("/3/account")
        await manager.logout()
    assert not fake.sessions


async def test_a_refused_session_that_is_honoured_again_is_resumed(fake: FakeTMDB) -> None:
    """Where one request was refused and the next is not, the session lives."""
    async with plain(fake) as manager:
        session = await manager.login(BY_HAND)
        fake.fail(status=401, code=3, path="/3/account")
        with pytest.raises(PermissionDenied):
            await session.get("/3/account")
        with pytest.raises(NotLoggedIn):
            await manager.resume()
        await session.get("/3/account")
        assert await manager.resume() is session
    assert not fake.sessions


async def test_a_refused_session_goes_on_with_what_another_manager_has_opened(fake: FakeTMDB, path: Path) -> None:
    """With nobody asked, and the request repeated: the store has a living one by now."""
    async with on(fake, path) as here, on(fake, path) as there:
        await completed(there)
        session = await here.resume()
        fresh = await completed(there)
        while fake.sessions != {fresh.id}:
            await asyncio.sleep(0)
        await asyncio.gather(*(session.get("/3/account") for _ in range(5)))
        assert session.id == fresh.id
        assert await here.login(BY_HAND) is session
        assert here.stats().opened == 1
        await here.logout()
    assert not fake.sessions


async def test_a_login_after_a_refusal_looks_at_the_store_first(fake: FakeTMDB, path: Path) -> None:
    """Another manager may have opened one since: nobody is asked, nothing is lost, and a resume does the same."""
    async with on(fake, path) as here, on(fake, path) as there:
        first = await here.login(BY_HAND)
        await _refused(fake, first)
        fresh = await completed(there)
        assert await here.login(BY_HAND) is first
        assert first.id == fresh.id
        await _refused(fake, first)
        fresh = await completed(there)
        assert await here.resume() is first
        assert first.id == fresh.id
        assert fake.sessions == {first.id}
        await there.logout()
    assert not fake.sessions


async def test_a_guest_session_that_is_over_is_not_resumed(
    fake: FakeTMDB, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is kept: here as in a manager that has it from the store; a logout still ends it."""
    _let_guests_end_soon(fake)
    for manager_of in (plain(fake), on(fake, path), on(fake, path)):
        async with manager_of as manager:
            if not await manager.names():
                set_clock(monkeypatch, ahead=timedelta())
                assert (await manager.login(Guest())).expires_at is not None
                set_clock(monkeypatch, ahead=LATER)
            with pytest.raises(NotLoggedIn):
                await manager.resume()
    set_clock(monkeypatch, ahead=timedelta())
    async with plain(fake) as manager:
        await manager.login(Guest())
        set_clock(monkeypatch, ahead=LATER)
        assert await manager.names() == ()
        await manager.logout()
        with pytest.raises(NotLoggedIn):
            await manager.logout()


async def test_a_guest_session_that_is_over_goes_on_with_what_another_manager_has(
    fake: FakeTMDB, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resume gives the living one of the store, by the handle that everybody has."""
    _let_guests_end_soon(fake)
    async with on(fake, path) as here, on(fake, path) as there:
        session = await here.login(Guest())
        set_clock(monkeypatch, ahead=LATER)
        fake.heal()
        fresh = await there.login(Guest())
        assert await here.resume() is session
        assert session.id == fresh.id
        assert await here.names() == ("default",)


async def test_a_request_refused_while_a_person_is_asked_does_not_wait(fake: FakeTMDB, path: Path) -> None:
    """Whoever holds the name may be waiting for somebody: the refusal is raised at once, and a resume says no."""
    async with on(fake, path) as manager:
        session = await manager.login(BY_HAND)
        await _refused(fake, session)
        with fake.hold("/3/authentication/token/validate_with_login") as gate:
            login = asyncio.create_task(manager.login(BY_HAND))
            await gate.reached()
            with pytest.raises(PermissionDenied):
                await session.get("/3/account")
            with pytest.raises(NotLoggedIn):
                await manager.resume()
        assert await login is session
        await manager.logout()
    assert not fake.sessions
