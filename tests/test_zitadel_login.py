"""Logging in at ZITADEL: by what, as whom, until when, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import (
    AccountUnavailable,
    AppCredentialRefused,
    BearerToken,
    LoginRefused,
    NotConfigured,
    Refused,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

from .zitadel_asking import SECRET, managed
from .zitadel_logins import ONE, PASSWORD, SESSIONS, coded, sent


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


async def test_a_password_and_six_digits_are_one_request(fake: FakeZitadel) -> None:
    """Created with every check, closed by one delete."""
    login = ZitadelLogin("ada", password="secret", totp=fake.totp_code("ada"))
    async with managed(fake) as manager, manager.session(login) as session:
        body: Any = await session.get(ONE)
        assert set(body["session"]["factors"]) == {"user", "password", "totp"}
    assert sent(fake) == [f"POST {SESSIONS}", f"GET {ONE}", f"DELETE {ONE}"]


async def test_a_login_name_alone_is_enough_for_a_session(fake: FakeZitadel) -> None:
    """And so is a name with a code that is asked for, by one request."""
    async with managed(fake) as manager:
        for login in (ZitadelLogin("ada"), ZitadelLogin("ada", totp=lambda: fake.totp_code("ada"))):
            async with manager.session(login) as session:
                assert fake.sessions == {session.id}
    assert [one.method for one in fake.requests] == ["POST", "DELETE"] * 2


@pytest.mark.parametrize(
    ("login", "prepare", "kind", "code"),
    [
        (ZitadelLogin("bob", password="secret"), None, LoginRefused, "QUERY-Dfbg2"),
        (ZitadelLogin("ada", password="wrong"), None, LoginRefused, "COMMAND-3M0fs"),
        (ZitadelLogin("ada", totp="000000"), None, LoginRefused, "EVENT-8isk2"),
        (PASSWORD, FakeZitadel.lock, AccountUnavailable, "COMMAND-JLK35"),
        (PASSWORD, FakeZitadel.deactivate, AccountUnavailable, "SESSION-Gj4ko"),
    ],
)
async def test_a_refused_login_makes_no_session(
    fake: FakeZitadel,
    login: ZitadelLogin,
    prepare: Callable[[FakeZitadel, str], None] | None,
    kind: type[Refused],
    code: str,
) -> None:
    """Refused by one request, which is not repeated: accounts get locked."""
    if prepare is not None:
        prepare(fake, "ada")
    async with managed(fake) as manager:
        with pytest.raises(kind) as refused:
            async with manager.session(login):
                pass
    assert (type(refused.value), refused.value.code) == (kind, code)
    assert len(fake.requests) == 1


async def test_a_session_asks_as_its_user(fake: FakeZitadel) -> None:
    """By its own token: what only the app may do is refused to it."""
    async with managed(fake) as manager, manager.session(PASSWORD) as session:
        with pytest.raises(Refused) as refused:
            await session.post(SESSIONS, json={})
        assert (refused.value.status, refused.value.code) == (404, "AUTHZ-cdgFk")
        assert session.access_token is session.account_id is None
        assert session.id in fake.sessions
        assert "ZitadelSession" in repr(session)
        assert str(session.id) not in repr(session)


async def test_a_session_expires_as_it_says(fake: FakeZitadel) -> None:
    """A lifetime after its creation, in an hour unless said; or never."""
    async with managed(fake) as manager:
        for login, lifetime in (
            (PASSWORD, timedelta(hours=1)),
            (ZitadelLogin("ada", lifetime_s=90), timedelta(seconds=90)),
        ):
            async with manager.session(login) as session:
                assert session.expires_at
                assert abs(session.expires_at - lifetime - datetime.now(UTC)) < timedelta(seconds=5)
        async with manager.session(ZitadelLogin("ada", lifetime_s=None)) as session:
            assert session.expires_at is None
            fake.advance(10**8)
            assert fake.sessions == {session.id}


async def test_a_kept_session_is_opened_anew_by_a_password_or_a_function(fake: FakeZitadel) -> None:
    """Once the service has ended it, by one login for all who use it."""
    async with managed(fake) as manager:
        for login in (PASSWORD, coded(fake)):
            session = await manager.login(login, name=str(login.needs_human) + str(login.totp is None))
            first = str(session.id)
            fake.revoke(first)
            bodies: list[Any] = await asyncio.gather(*(session.get(ONE) for _ in range(5)))
            assert {body["session"]["id"] for body in bodies} == {session.id}
            assert session.id != first
        assert len(fake.sessions) == 2
    assert not fake.sessions


async def test_a_kept_session_by_six_digits_is_not(fake: FakeZitadel) -> None:
    """They are good for one login: the refusal is raised."""
    login = ZitadelLogin("ada", password="secret", totp=fake.totp_code("ada"))
    assert login.needs_human
    async with managed(fake) as manager:
        session = await manager.login(login)
        fake.revoke(str(session.id))
        with pytest.raises(AppCredentialRefused):
            await session.get(ONE)
    assert sent(fake).count(f"POST {SESSIONS}") == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"login_name": ""},
        {"password": ""},
        {"totp": "12345"},
        {"totp": ""},
        {"totp": 123456},
        {"lifetime_s": 0},
        {"lifetime_s": -1},
        {"lifetime_s": "60"},
        {"login_name": None},
    ],
)
def test_a_login_that_cannot_be_is_refused(settings: dict[str, Any]) -> None:
    """When it is made, without saying what it holds."""
    with pytest.raises(NotConfigured) as raised:
        ZitadelLogin(**{"login_name": "ada", "password": "canary", **settings})
    assert "canary" not in str(raised.value)


def test_a_login_shows_nothing() -> None:
    """Neither name, nor password, nor code; and it is not pickled."""
    login = ZitadelLogin("name-canary", password="canary", totp="123456")
    assert repr(login) == "ZitadelLogin(lifetime_s=3600)"
    with pytest.raises(TypeError):
        login.__reduce_ex__(4)


async def test_a_caller_who_may_not_create_is_told(fake: FakeZitadel) -> None:
    """A member without the right, and a member of nothing."""
    for permissions, code in (((), "AUTH-AWfge"), (None, "AUTHZ-cdgFk")):
        async with managed(fake, BearerToken(fake.add_caller(permissions))) as manager:
            with pytest.raises(Refused) as refused:
                async with manager.session(PASSWORD):
                    pass
            assert refused.value.code == code
