"""Kept sessions that cannot be opened anew: one login finds out, not one at every request."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tmdb_auth_async import (
    AccountUnavailable,
    LoginRefused,
    NotLoggedIn,
    Refused,
    Session,
)
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .kept_kit import LOGIN, completed, on

VALIDATE = "/3/authentication/token/validate_with_login"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store."""
    return tmp_path / "sessions.db"


def _logins(fake: FakeTMDB) -> int:
    return sum(request.path == VALIDATE for request in fake.requests)


def _end(fake: FakeTMDB, session: Session) -> None:
    assert session.id is not None
    fake.revoke(session.id)


@pytest.mark.parametrize(("code", "kind"), [(30, LoginRefused), (31, AccountUnavailable)])
async def test_a_login_that_is_refused_is_not_repeated_by_requests(
    fake: FakeTMDB, code: int, kind: type[Refused]
) -> None:
    """Accounts get locked: each request raises why, without a login, until the program logs in itself."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        _end(fake, session)
        fake.fail(times=None, status=401, code=code, path=VALIDATE)
        outcomes = await asyncio.gather(*(session.get("/3/account") for _ in range(10)), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {kind}
        for _ in range(5):
            with pytest.raises(kind, match=r"manager\.login\(strategy\) tries again") as caught:
                await session.get("/3/account")
            assert (caught.value.status, caught.value.code) == (401, code)
            assert caught.value.__cause__ is caught.value.__context__ is None
        assert _logins(fake) == 2
        with pytest.raises(NotLoggedIn):
            await manager.resume()


async def test_a_login_by_hand_tries_again_after_a_refusal(fake: FakeTMDB, path: Path) -> None:
    """Each `login` does; what it opens goes on by everybody's handle, and is opened anew again when it is over."""
    for manager_of in (plain(fake), on(fake, path)):
        async with manager_of as manager:
            session = await manager.login(LOGIN)
            _end(fake, session)
            fake.fail(times=None, status=401, code=30, path=VALIDATE)
            with pytest.raises(LoginRefused):
                await session.get("/3/account")
            for _ in range(2):
                before = _logins(fake)
                with pytest.raises(LoginRefused):
                    await manager.login(LOGIN)
                assert _logins(fake) == before + 1
            fake.heal()
            assert await manager.login(LOGIN) is session
            await session.get("/3/account")
            _end(fake, session)
            await session.get("/3/account")
            await manager.logout()
        assert not fake.sessions


async def test_a_session_whose_login_is_refused_goes_on_with_what_another_manager_has_opened(
    fake: FakeTMDB, path: Path
) -> None:
    """Its next request finds that in the store; a `login` then gives it a strategy again."""
    async with on(fake, path) as here, on(fake, path) as there:
        session = await here.login(LOGIN)
        _end(fake, session)
        fake.fail(status=401, code=30, path=VALIDATE)
        with pytest.raises(LoginRefused):
            await session.get("/3/account")
        fresh = await completed(there)
        await session.get("/3/account")
        assert session.id == fresh.id
        before = _logins(fake)
        _end(fake, session)
        with pytest.raises(LoginRefused):
            await session.get("/3/account")
        assert _logins(fake) == before
        assert await here.login(LOGIN) is session
        _end(fake, session)
        await session.get("/3/account")
        await here.logout()
    assert not fake.sessions


async def test_a_session_that_was_refused_once_is_used_again(fake: FakeTMDB) -> None:
    """Where the service honours it after all nothing is opened, and a `login` gives it its strategy back."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        fake.fail(status=401, code=3, path="/3/account")
        fake.fail(status=401, code=30, path=VALIDATE)
        with pytest.raises(LoginRefused):
            await session.get("/3/account")
        await session.get("/3/account")
        assert await manager.login(LOGIN) is session
        assert manager.stats().opened == 1
        _end(fake, session)
        await session.get("/3/account")
        assert manager.stats().opened == 2
    assert not fake.sessions
