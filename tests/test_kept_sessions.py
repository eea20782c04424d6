"""Kept sessions in one process: one a name, shared by all, opened anew when the service has ended it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos import plain
from tests.kept_kit import BY_HAND, DELETE, LOGIN
from tmdb_auth_async import (
    BearerToken,
    Guest,
    LoginRefused,
    NotLoggedIn,
    Password,
    PermissionDenied,
    RequestTokenLogin,
    SessionClosed,
    SessionManager,
)
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

NEW = "/3/authentication/session/new"


@pytest.fixture
async def manager(fake: FakeTMDB) -> AsyncIterator[SessionManager]:
    """Give a manager of that service."""
    async with plain(fake) as made:
        yield made


def _created(fake: FakeTMDB) -> int:
    return sum(request.path == NEW for request in fake.requests)


async def test_a_thousand_logins_open_one_session(fake: FakeTMDB, manager: SessionManager) -> None:
    """However many callers ask for a name at once, one session is created and all hold it."""
    sessions = await asyncio.gather(*(manager.login(LOGIN) for _ in range(1000)))
    assert len(set(sessions)) == 1
    assert _created(fake) == len(fake.sessions) == 1
    assert await manager.resume() is sessions[0]
    assert await manager.names() == ("default",)


async def test_names_are_kept_apart(fake: FakeTMDB, manager: SessionManager) -> None:
    """Each name has a session of its own."""
    ada, other = await asyncio.gather(manager.login(LOGIN, name="ada"), manager.login(LOGIN, name="other"))
    assert ada.id != other.id
    await manager.logout("ada")
    assert fake.sessions == {other.id}


async def test_all_who_wait_get_the_openers_error(manager: SessionManager, fake: FakeTMDB) -> None:
    """A refused login is refused to all who waited for it, and tried anew by the next."""
    wrong = RequestTokenLogin(Password("ada", "wrong"))
    outcomes = await asyncio.gather(*(manager.login(wrong) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(outcome, LoginRefused) for outcome in outcomes)
    assert (await manager.login(LOGIN)).id in fake.sessions


async def test_a_waiters_cancel_harms_no_other(fake: FakeTMDB, manager: SessionManager) -> None:
    """The first caller, who began the login, may leave: the others get the session."""
    gate = fake.hold(NEW)
    first, second = (asyncio.create_task(manager.login(LOGIN)) for _ in range(2))
    await fake.arrived(NEW)
    first.cancel()
    await asyncio.wait({first})
    gate.release()
    assert (await second).id in fake.sessions
    assert first.cancelled()


async def test_when_all_waiters_leave_nothing_is_kept(fake: FakeTMDB, manager: SessionManager) -> None:
    """A login that everybody gave up is closed, and the next one opens its own."""
    gate = fake.hold(NEW, carried_out=True)
    tasks = [asyncio.create_task(manager.login(LOGIN)) for _ in range(3)]
    await fake.arrived(NEW)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    late = asyncio.create_task(manager.login(LOGIN))
    gate.release()
    session = await late
    while fake.sessions != {session.id}:
        await asyncio.sleep(0)
    await session.get("/3/account")


async def test_logout_deletes_forgets_and_closes_every_handle(fake: FakeTMDB, manager: SessionManager) -> None:
    """After a logout nothing is live, handles say so, and a second logout has nothing to end."""
    session = await manager.login(LOGIN)
    await manager.logout()
    assert not fake.sessions
    with pytest.raises(SessionClosed):
        await session.get("/3/account")
    with pytest.raises(NotLoggedIn, match="log in first"):
        await manager.logout()
    with pytest.raises(NotLoggedIn):
        await manager.resume()


async def test_closing_a_kept_session_logs_out(fake: FakeTMDB, manager: SessionManager) -> None:
    """`close` of a kept session forgets it as well; twice is fine."""
    session = await manager.login(LOGIN)
    await session.close()
    await session.close()
    assert not fake.sessions
    assert await manager.names() == ()


@pytest.mark.parametrize("is_durable", [False, True])
async def test_what_ends_a_session_at_once_ends_it_once(fake: FakeTMDB, tmp_path: Path, *, is_durable: bool) -> None:
    """Closes and logouts that come together are one, and none of them is told that there was nothing."""
    async with plain(fake, store=SQLiteStore(tmp_path / "sessions.db") if is_durable else None) as manager:
        session = await manager.login(LOGIN)
        await asyncio.gather(session.close(), session.close())
        session = await manager.login(LOGIN)
        await asyncio.gather(manager.logout(), session.close(), manager.logout())
        assert not fake.sessions
        assert sum(request.method == "DELETE" for request in fake.requests) == 2
        with pytest.raises(NotLoggedIn):
            await manager.logout()


async def test_a_logout_of_the_next_session_is_its_own(fake: FakeTMDB, manager: SessionManager) -> None:
    """One that comes while the last session is still being deleted ends what was opened since."""
    await manager.login(LOGIN)
    with fake.hold(DELETE):
        first = asyncio.create_task(manager.logout())
        await fake.arrived(DELETE)
        await manager.login(LOGIN)
        second = asyncio.create_task(manager.logout())
        await fake.arrived(DELETE, count=2)
    await asyncio.gather(first, second)
    assert not fake.sessions


async def test_a_lost_session_is_opened_anew_once_for_all(fake: FakeTMDB, manager: SessionManager) -> None:
    """Under 200 busy tasks an invalidated session is reopened once, and no request fails."""
    session = await manager.login(LOGIN)
    lost = session.id
    assert lost is not None
    done = 0

    async def busy() -> None:
        nonlocal done
        for turn in range(5):
            if done == 300:
                fake.revoke(lost)
            await session.get("/3/account")
            done += 1
            assert turn < 5

    await asyncio.gather(*(busy() for _ in range(200)))
    assert done == 1000
    assert _created(fake) == 2
    assert session.id != lost
    while fake.sessions != {session.id}:
        await asyncio.sleep(0)


async def test_a_write_is_repeated_too_after_a_reopening(fake: FakeTMDB, manager: SessionManager) -> None:
    """A refused write was not done, so it is sent again with the new session."""
    session = await manager.login(LOGIN)
    assert session.id is not None
    fake.revoke(session.id)
    await session.post("/3/movie/550/rating", json={"value": 8.5})
    assert _created(fake) == 2


async def test_a_refusal_that_stays_is_raised_and_never_looped(fake: FakeTMDB, manager: SessionManager) -> None:
    """When the new session is refused as well, the refusal is the caller's after one reopening."""
    session = await manager.login(LOGIN)
    fake.fail(times=None, status=401, code=3, path="/3/account")
    with pytest.raises(PermissionDenied):
        await session.get("/3/account")
    assert _created(fake) == 2


async def test_what_needs_a_person_is_not_opened_anew(fake: FakeTMDB, manager: SessionManager) -> None:
    """A lost session whose strategy needs a human raises the refusal."""
    session = await manager.login(BY_HAND)
    assert session.id is not None
    fake.revoke(session.id)
    with pytest.raises(PermissionDenied):
        await session.get("/3/account")
    assert _created(fake) == 1


async def test_an_expiring_guest_session_is_replaced_before_use(fake: FakeTMDB, manager: SessionManager) -> None:
    """A guest session near its end is replaced in place, without a refused request."""
    soon = f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%d %H:%M:%S} UTC"
    body = json.dumps({"success": True, "guest_session_id": "f" * 32, "expires_at": soon}).encode()
    fake.fail(status=200, body=body, path="/3/authentication/guest_session/new")
    session = await manager.login(Guest())
    assert session.expires_at is not None
    while datetime.now(UTC) < session.expires_at and session.id == "f" * 32:
        assert await manager.login(Guest()) is session
    assert {session.id} == fake.guest_sessions


async def test_a_scoped_session_is_never_opened_anew(fake: FakeTMDB, manager: SessionManager) -> None:
    """What a scope lost at the service stays lost: the refusal is raised."""
    async with manager.session(LOGIN) as session:
        assert session.id is not None
        fake.revoke(session.id)
        with pytest.raises(PermissionDenied):
            await session.get("/3/account")
    assert _created(fake) == 1


async def test_a_bare_bearer_can_be_kept(manager: SessionManager, fake: FakeTMDB) -> None:
    """A token is a session that opens and closes nothing."""
    session = await manager.login(BearerToken(fake.read_access_token), name="app")
    assert session.id is None
    await session.get("/3/configuration")
    await manager.logout("app")
