"""One-time codes that are asked for in the middle of a login at ZITADEL: by whom, when, and what a failure leaves."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tmdb_auth_async import (
    LoginRefused,
    NotConfigured,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

from .zitadel_asking import SECRET, managed
from .zitadel_logins import ONE, SESSIONS, coded, sent


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


async def test_a_code_is_asked_for_once_the_password_was_accepted(fake: FakeZitadel) -> None:
    """By a second request, whose new token is the session's from then on."""
    seen: list[set[str]] = []

    def give() -> str:
        seen.append(fake.sessions)
        return fake.totp_code("ada")

    async with managed(fake) as manager:
        async with manager.session(coded(fake, give)) as session:
            assert seen == [{session.id}]
            body: Any = await session.get(ONE)
            assert "totp" in body["session"]["factors"]
        assert sent(fake) == [f"POST {SESSIONS}", f"PATCH {ONE}", f"GET {ONE}", f"DELETE {ONE}"]
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
        async with manager.session(coded(fake, give)):
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
            async with manager.session(coded(fake, one)) as session:
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
            async with manager.session(coded(fake, lambda: code)):
                pass
        assert raised.value.__context__ is None
        assert (fake.sessions, manager.stats().open_now) == (set(), 0)
    assert sent(fake)[-1] == f"DELETE {ONE}"


async def test_an_error_of_the_function_is_raised_and_leaves_nothing(fake: FakeZitadel) -> None:
    """From a thread and from the loop."""

    def plain() -> str:
        raise EOFError("nobody typed")

    async def coroutine() -> str:
        raise EOFError("nobody typed")

    async with managed(fake) as manager:
        for give in (plain, coroutine):
            with pytest.raises(EOFError, match="nobody typed"):
                async with manager.session(coded(fake, give)):
                    pass
            assert not fake.sessions


async def test_who_gives_up_waiting_for_a_code_leaves_nothing(fake: FakeZitadel) -> None:
    """A cancel while somebody is asked ends at once; the half login is terminated."""
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def give() -> str:
        return await never

    async with managed(fake) as manager:
        scope = manager.session(coded(fake, give))
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
        entering = asyncio.create_task(manager.session(coded(fake, give)).__aenter__())
        await asked.wait()
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
    assert not fake.sessions
    typed.set()
    assert await asyncio.to_thread(done.wait, 5)


async def test_a_second_failure_does_not_hide_the_first(fake: FakeZitadel) -> None:
    """A wrong code stays the error when the termination fails too, and the manager goes on with that."""
    fake.fail(status=503, method="DELETE", times=2)
    async with managed(fake) as manager:
        with pytest.raises(LoginRefused):
            async with manager.session(coded(fake, lambda: "000000")):
                pass
    assert not fake.sessions


async def test_a_function_that_has_no_more_codes_is_an_error(fake: FakeZitadel) -> None:
    """`StopIteration` cannot leave a thread as it is, and is no reason to wait for ever."""
    async with managed(fake) as manager:
        with pytest.raises(RuntimeError, match="StopIteration"):
            async with manager.session(coded(fake, iter(()).__next__)):
                pass
        assert not fake.sessions
