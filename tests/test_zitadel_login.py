"""Logging in at ZITADEL: in one request where that works, else in two, of which nothing is left when one fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import (
    AccountUnavailable,
    AppCredentialRefused,
    BearerToken,
    LoginRefused,
    NoAnswer,
    NotConfigured,
    Refused,
    TimedOut,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin, create_session

from .zitadel_asking import SECRET, ask, managed

SESSIONS = "/v2/sessions"
ONE = "/v2/sessions/{session_id}"
PASSWORD = ZitadelLogin("ada", password="secret")


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


def _sent(fake: FakeZitadel) -> list[str]:
    return [f"{one.method} {one.path}" for one in fake.requests]


def _coded(fake: FakeZitadel, give: Callable[[], Any] | None = None, **settings: Any) -> ZitadelLogin:
    """Log ada in by password and by what *give* gives, the right code unless it is said."""
    return ZitadelLogin("ada", password="secret", totp=give or (lambda: fake.totp_code("ada")), **settings)


async def test_a_password_and_six_digits_are_one_request(fake: FakeZitadel) -> None:
    """Created with every check, closed by one delete."""
    login = ZitadelLogin("ada", password="secret", totp=fake.totp_code("ada"))
    async with managed(fake) as manager, manager.session(login) as session:
        body: Any = await session.get(ONE)
        assert set(body["session"]["factors"]) == {"user", "password", "totp"}
    assert _sent(fake) == [f"POST {SESSIONS}", f"GET {ONE}", f"DELETE {ONE}"]


async def test_a_login_name_alone_is_enough_for_a_session(fake: FakeZitadel) -> None:
    """And so is a name with a code that is asked for, by one request."""
    async with managed(fake) as manager:
        for login in (ZitadelLogin("ada"), ZitadelLogin("ada", totp=lambda: fake.totp_code("ada"))):
            async with manager.session(login) as session:
                assert fake.sessions == {session.id}
    assert [one.method for one in fake.requests] == ["POST", "DELETE"] * 2


async def test_a_code_is_asked_for_once_the_password_was_accepted(fake: FakeZitadel) -> None:
    """By a second request, whose new token is the session's from then on."""
    seen: list[set[str]] = []

    def give() -> str:
        seen.append(fake.sessions)
        return fake.totp_code("ada")

    async with managed(fake) as manager:
        async with manager.session(_coded(fake, give)) as session:
            assert seen == [{session.id}]
            body: Any = await session.get(ONE)
            assert "totp" in body["session"]["factors"]
        assert _sent(fake) == [f"POST {SESSIONS}", f"PATCH {ONE}", f"GET {ONE}", f"DELETE {ONE}"]
        assert fake.requests[-1].status == 200
        with pytest.raises(LoginRefused):
            async with manager.session(ZitadelLogin("ada", password="wrong", totp=give)):
                pass
    assert len(seen) == 1


async def test_a_plain_function_never_holds_up_the_loop(fake: FakeZitadel) -> None:
    """It runs in another thread, and may wait there for whoever types."""
    typed, asked = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    threads: list[threading.Thread] = []

    def give() -> str:
        threads.append(threading.current_thread())
        loop.call_soon_threadsafe(asked.set)
        assert typed.wait(5)
        return fake.totp_code("ada")

    async def type_in() -> None:
        await asked.wait()
        typed.set()

    async with managed(fake) as manager, asyncio.TaskGroup() as group:
        group.create_task(type_in())
        async with manager.session(_coded(fake, give)):
            pass
    assert threads[0] is not threading.current_thread()
    assert threads[0].daemon


class _Asks:
    def __init__(self, fake: FakeZitadel) -> None:
        self.fake = fake

    async def __call__(self) -> str:
        return self.fake.totp_code("ada")


async def test_whatever_gives_a_code_may_do_so(fake: FakeZitadel) -> None:
    """A coroutine function, what returns a coroutine, and an object that is called like one."""

    async def give() -> str:
        await asyncio.sleep(0)
        return fake.totp_code("ada")

    async with managed(fake) as manager:
        for one in (give, lambda: give(), _Asks(fake)):  # noqa: PLW0108  # a lambda is what is tested
            async with manager.session(_coded(fake, one)) as session:
                assert fake.sessions == {session.id}
    assert not fake.sessions


@pytest.mark.parametrize(
    "code",
    ["000000", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "", None, 123456, b"123456"],
)
async def test_a_wrong_code_leaves_nothing(fake: FakeZitadel, code: Any) -> None:
    """Six digits that are refused, and what is no code at all: the half login is terminated."""
    async with managed(fake) as manager:
        with pytest.raises(LoginRefused if code == "000000" else NotConfigured) as raised:
            async with manager.session(_coded(fake, lambda: code)):
                pass
        assert raised.value.__context__ is None
        assert (fake.sessions, manager.stats().open_now) == (set(), 0)
    assert _sent(fake)[-1] == f"DELETE {ONE}"


async def test_an_error_of_the_function_is_raised_and_leaves_nothing(fake: FakeZitadel) -> None:
    """From a thread and from the loop."""

    def plain() -> str:
        raise EOFError("nobody typed")

    async def coroutine() -> str:
        raise EOFError("nobody typed")

    async with managed(fake) as manager:
        for give in (plain, coroutine):
            with pytest.raises(EOFError, match="nobody typed"):
                async with manager.session(_coded(fake, give)):
                    pass
            assert not fake.sessions


async def test_who_gives_up_waiting_for_a_code_leaves_nothing(fake: FakeZitadel) -> None:
    """A cancel while somebody is asked ends at once; the half login is terminated."""
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def give() -> str:
        return await never

    async with managed(fake) as manager:
        scope = manager.session(_coded(fake, give))
        entering = asyncio.create_task(scope.__aenter__())
        await fake.arrived(SESSIONS)
        while not fake.sessions:
            await asyncio.sleep(0.001)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
    assert not fake.sessions


async def test_who_gives_up_on_a_thread_leaves_nothing(fake: FakeZitadel) -> None:
    """The function is left to itself: what it gives or raises in the end disturbs nobody."""
    typed, done = threading.Event(), threading.Event()
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def give() -> str:
        loop.call_soon_threadsafe(asked.set)
        assert typed.wait(5)
        done.set()
        raise EOFError("nobody listens")

    async with managed(fake) as manager:
        entering = asyncio.create_task(manager.session(_coded(fake, give)).__aenter__())
        await asked.wait()
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
    assert not fake.sessions
    typed.set()
    assert await asyncio.to_thread(done.wait, 5)


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_cancel_during_the_second_request_leaves_nothing(fake: FakeZitadel, *, carried_out: bool) -> None:
    """Before it is carried out or after: it is read to its end, and the session terminated by its latest token."""
    async with managed(fake) as manager:
        with fake.hold(ONE, method="PATCH", carried_out=carried_out) as gate:
            entering = asyncio.create_task(manager.session(_coded(fake)).__aenter__())
            await gate.reached()
            entering.cancel()
            with pytest.raises(asyncio.CancelledError):
                await entering
    assert not fake.sessions
    assert [one.status for one in fake.requests] == [201, 200, 200]


async def test_a_set_whose_answer_was_lost_leaves_nothing(fake: FakeZitadel) -> None:
    """Its token is not known: the one before is refused, and the app's own right ends the session."""
    async with managed(fake) as manager:
        fake.fail("lost answer", method="PATCH")
        with pytest.raises(NoAnswer) as raised:
            async with manager.session(_coded(fake)):
                pass
        assert not raised.value.may_have_created
        assert manager.stats().possibly_lost == 0
    assert not fake.sessions
    assert [one.status for one in fake.requests if one.method != "POST"] == [None, 403, 200]


async def test_a_set_is_repeated_when_nothing_was_done(fake: FakeZitadel) -> None:
    """On a 503 and on a 429, and not after a reset."""
    async with managed(fake) as manager:
        for status in (503, 429):
            fake.fail(status=status, method="PATCH")
        async with manager.session(_coded(fake)):
            pass
        assert manager.stats().retried == 2
        fake.fail("reset", method="PATCH")
        with pytest.raises(NoAnswer):
            async with manager.session(_coded(fake)):
                pass
        assert manager.stats().retried == 2
    assert not fake.sessions


async def test_a_create_whose_answer_was_lost_says_so(fake: FakeZitadel) -> None:
    """It is not repeated; a search by its creator finds it."""
    async with managed(fake) as manager:
        fake.fail("lost answer", path=SESSIONS)
        with pytest.raises(NoAnswer) as raised:
            async with manager.session(PASSWORD):
                pass
        assert raised.value.may_have_created
        assert manager.stats().possibly_lost == 1
    assert len(fake.sessions) == 1


async def test_a_create_that_is_late_is_closed_when_it_comes(fake: FakeZitadel) -> None:
    """Whoever waited is told after timeout_s; the session is not lost."""
    async with managed(fake, timeout_s=0.2) as manager:
        with fake.hold(SESSIONS, carried_out=True) as gate:
            with pytest.raises(TimedOut):
                async with manager.session(PASSWORD):
                    pass
            assert len(fake.sessions) == 1
            assert gate.waiting == 1
    assert not fake.sessions


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
        for login in (PASSWORD, _coded(fake)):
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
    assert _sent(fake).count(f"POST {SESSIONS}") == 1


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


async def test_what_is_created_by_hand_and_not_taken_is_closed(fake: FakeZitadel) -> None:
    """A cancelled `manager.ask` of a create leaves nothing; one that is answered is the asker's."""
    async with managed(fake) as manager:
        with fake.hold(SESSIONS, carried_out=True) as gate:
            asking = asyncio.create_task(manager.ask(create_session(login_name="ada", password="secret")))
            await gate.reached()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        made = await manager.ask(create_session(login_name="ada"))
    assert fake.sessions == {made.session_id}
    assert (await ask(fake, "DELETE", f"{SESSIONS}/{made.session_id}")).status == 200


async def test_a_second_failure_does_not_hide_the_first(fake: FakeZitadel) -> None:
    """A wrong code stays the error when the termination fails too, and the manager goes on with that."""
    fake.fail(status=503, method="DELETE", times=2)
    async with managed(fake) as manager:
        with pytest.raises(LoginRefused):
            async with manager.session(_coded(fake, lambda: "000000")):
                pass
    assert not fake.sessions
