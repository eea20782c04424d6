"""A program that uses a kept session by its middleware alone goes on when the service has ended it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tmdb_auth_async import LoginRefused, Session
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

from .chaos import plain
from .kept_kit import BY_HAND, LOGIN
from .zitadel_asking import ask, managed

VALIDATE = "/3/authentication/token/validate_with_login"


@asynccontextmanager
async def client_of(session: Session) -> AsyncGenerator[aiohttp.ClientSession]:
    """Give a client of the program's own that *session* signs for."""
    async with aiohttp.ClientSession(session.home.url, middlewares=[session.middleware]) as client:
        yield client


def revoke(fake: FakeTMDB) -> None:
    """End every session at the service."""
    for session_id in fake.sessions:
        fake.revoke(session_id)


async def status(client: aiohttp.ClientSession, path: str = "/3/account") -> int:
    """Ask for *path*, and return how that is answered, whose body is still there to be read."""
    async with client.get(path) as answer:
        assert await answer.json()
        return answer.status


async def test_the_request_after_a_401_is_signed_by_a_session_opened_anew(fake: FakeTMDB) -> None:
    """The 401 itself is the program's; each death costs one of them, with no login in between."""
    async with plain(fake) as manager:
        async with client_of(await manager.login(LOGIN)) as client:
            for _ in range(2):
                revoke(fake)
                assert [await status(client) for _ in range(3)] == [401, 200, 200]
        assert manager.stats().opened == 3
    assert not fake.sessions


async def test_many_requests_after_a_401_share_one_session(fake: FakeTMDB) -> None:
    """Whoever asks while it is looked at waits for what comes of it."""
    async with plain(fake) as manager:
        async with client_of(await manager.login(LOGIN)) as client:
            revoke(fake)
            await status(client)
            assert await asyncio.gather(*(status(client) for _ in range(20))) == [200] * 20
        assert manager.stats().opened == 2


async def test_the_login_after_a_401_opens_anew(fake: FakeTMDB) -> None:
    """By its strategy, where a person must be asked, which no request may do."""
    async with plain(fake) as manager:
        session = await manager.login(BY_HAND)
        async with client_of(session) as client:
            revoke(fake)
            assert [await status(client) for _ in range(2)] == [401, 401]
            assert await manager.login(BY_HAND) is session
            assert await status(client) == 200
        assert manager.stats().opened == 2
    assert not fake.sessions


async def test_a_401_for_another_reason_ends_nothing(fake: FakeTMDB) -> None:
    """The session is looked at, lives, and stays."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        session_id = session.id
        async with client_of(session) as client:
            for code in (7, 3):
                fake.fail(status=401, code=code, path="/3/account")
                assert await status(client) == 401
                assert await manager.login(LOGIN) is session
                assert await status(client) == 200
        assert (session.id, manager.stats().opened) == (session_id, 1)


async def test_what_is_never_allowed_opens_one_session_and_no_more(fake: FakeTMDB) -> None:
    """A path that each session is refused with 401 costs no session a request."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        fake.fail(status=401, code=3, path="/3/account", times=None)
        async with client_of(session) as client:
            for _ in range(5):
                assert await status(client) == 401
                assert await manager.login(LOGIN) is session
        assert manager.stats().opened == 2


async def test_a_look_without_an_answer_changes_nothing(fake: FakeTMDB) -> None:
    """The login gives the session that there is."""
    async with plain(fake, retries=0) as manager:
        session = await manager.login(LOGIN)
        async with client_of(session) as client:
            fake.fail(status=401, code=3, path="/3/account")
            fake.fail("reset", path="/3/account")
            assert await status(client) == 401
            assert await manager.login(LOGIN) is session
        assert (session.closed, manager.stats().opened) == (False, 1)


async def test_a_login_that_is_refused_by_then_is_tried_once(fake: FakeTMDB) -> None:
    """A second try with the same password would only bring the account nearer to its lock."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        async with client_of(session) as client:
            revoke(fake)
            await status(client)
            fake.fail(status=401, code=30, path=VALIDATE, times=None)
            tried = _logins(fake)
            with pytest.raises(LoginRefused):
                await manager.login(LOGIN)
        assert _logins(fake) == tried + 1


async def test_what_zitadel_has_ended_is_opened_anew(fake_zitadel: FakeZitadel) -> None:
    """Its id stands in the path, and is another one then."""
    fake_zitadel.add_user("ada", "secret")
    login = ZitadelLogin("ada", password="secret")
    async with managed(fake_zitadel) as manager:
        session = await manager.login(login)
        async with client_of(session) as client:
            dead = session.id
            assert (await ask(fake_zitadel, "DELETE", f"/v2/sessions/{dead}")).status == 200
            async with client.get(f"/v2/sessions/{dead}") as answer:
                assert answer.status == 401
            await manager.login(login)
            assert session.id != dead
            async with client.get(f"/v2/sessions/{session.id}") as answer:
                assert answer.status == 200
    assert not fake_zitadel.sessions


def _logins(fake: FakeTMDB) -> int:
    return sum(request.path == VALIDATE for request in fake.requests)
