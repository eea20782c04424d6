"""Approval by a link that is shown to somebody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tmdb_auth_async import (
    ApprovalDenied,
    ApprovalLink,
    ApprovalTimedOut,
    Link,
    NotConfigured,
    RequestTokenLogin,
    V4Conversion,
    V4Login,
)
from tmdb_auth_async.testing import FakeTMDB

from .people import decide, tmdb_and_ada

LOGINS = pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])

Login = Callable[[Link], RequestTokenLogin | V4Login]

EXCHANGES: dict[object, str] = {RequestTokenLogin: "/3/authentication/session/new", V4Login: "/4/auth/access_token"}


def _sent(fake: FakeTMDB, path: str) -> int:
    return sum(request.path == path for request in fake.requests)


@LOGINS
async def test_a_link_is_shown_and_its_answer_awaited(login: Login) -> None:
    """Somebody opens the link and approves while the program asks; the session ends with its block."""
    shown: list[ApprovalLink] = []
    async with tmdb_and_ada() as (fake, manager):

        async def user() -> None:
            await fake.arrived(EXCHANGES[login], count=3)
            await decide(str(shown[0]))

        async with asyncio.TaskGroup() as group:
            group.create_task(user())
            async with manager.session(login(Link(shown.append, poll_s=0.001))):
                assert len(fake.sessions | fake.access_tokens) == 1
        assert not fake.sessions | fake.access_tokens
    assert len(shown) == 1


async def test_a_link_is_its_url_and_hides_it() -> None:
    """Its text is the URL, for a message or a QR code; its repr, for a log, is not."""
    shown: list[ApprovalLink] = []
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(ApprovalTimedOut):
            await manager.login(RequestTokenLogin(Link(shown.append, timeout_s=0.01)))
        (token,) = fake.request_tokens
        (link,) = shown
        assert str(link) == f"{link}" == link.url == f"{fake.url}/authenticate/{token}"
        assert token not in repr(link)


@LOGINS
async def test_a_link_says_until_when(login: Login) -> None:
    """It ends with its request token, after an hour in v3 and a quarter of one in v4, or when the program stops."""
    shown: list[ApprovalLink] = []
    async with tmdb_and_ada() as (fake, manager):

        async def show(link: ApprovalLink) -> None:
            shown.append(link)
            fake.approve(next(iter(fake.request_tokens)))

        async with manager.session(login(Link(show))), manager.session(login(Link(show, timeout_s=60))):
            pass
    now = datetime.now(UTC)
    life = timedelta(minutes=60 if login is RequestTokenLogin else 15)
    ends = [life, timedelta(minutes=1)]
    for link, end in zip(shown, ends, strict=True):
        assert abs(link.expires_at - now - end) < timedelta(seconds=5)


async def test_a_plain_function_shows_in_a_thread() -> None:
    """It may block: the event loop goes on, and the first question waits for it."""
    loop = asyncio.get_running_loop()
    main: list[bool] = []

    def show(link: ApprovalLink) -> None:
        main.append(threading.current_thread() is threading.main_thread())
        asyncio.run_coroutine_threadsafe(decide(str(link)), loop).result(5)

    async with tmdb_and_ada() as (fake, manager), manager.session(RequestTokenLogin(Link(show))):
        assert _sent(fake, EXCHANGES[RequestTokenLogin]) == 1
    assert main == [False]


async def test_a_function_may_return_a_coroutine() -> None:
    """A lambda around a bot's coroutine method is awaited on the event loop."""
    sent: list[str] = []
    async with tmdb_and_ada() as (_, manager):

        async def send(chat: int, text: str) -> None:
            sent.append(f"{chat}: {text.split('/')[3]}")
            await decide(text)

        async with manager.session(RequestTokenLogin(Link(lambda link: send(7, str(link))))):
            pass
    assert sent == ["7: authenticate"]


@LOGINS
async def test_a_no_ends_the_wait(login: Login) -> None:
    """Once somebody has denied it, TMDB knows the token no more, which is told as what it is."""
    async with tmdb_and_ada() as (fake, manager):

        async def show(link: ApprovalLink) -> None:
            await decide(link.url, "deny")

        with pytest.raises(ApprovalDenied, match="the user said no"):
            await manager.login(login(Link(show, poll_s=0.001)))
        assert not fake.sessions | fake.access_tokens


@LOGINS
async def test_silence_times_out(login: Login) -> None:
    """Nobody answers: the program stops in time, after a last question at the very end."""

    async def show(_: ApprovalLink) -> None:
        """Show nothing."""

    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(ApprovalTimedOut, match="in time"):
            await manager.login(login(Link(show, poll_s=60, timeout_s=0.02)))
        assert _sent(fake, EXCHANGES[login]) == 2


async def test_showing_takes_no_longer_than_there_is_time() -> None:
    """A `show` that never returns does not hold the login for ever."""

    async def show(_: ApprovalLink) -> None:
        await asyncio.Event().wait()

    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(ApprovalTimedOut):
            await manager.login(RequestTokenLogin(Link(show, timeout_s=0.02)))


@pytest.mark.parametrize("kind", [LookupError, TimeoutError, StopIteration])
async def test_an_error_of_the_callers_is_the_callers(kind: type[Exception]) -> None:
    """What `show` raises is raised as it is, a `TimeoutError` too; what no future can carry becomes another."""

    def show(_: ApprovalLink) -> None:
        raise kind("mine")

    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(RuntimeError if kind is StopIteration else kind, match=r"mine|StopIteration"):
            await manager.login(RequestTokenLogin(Link(show)))
        assert not _sent(fake, EXCHANGES[RequestTokenLogin])


async def test_an_outage_while_waiting_is_waited_out() -> None:
    """A service that says it is away, or says 429, while nobody has answered yet does not end the login."""
    async with tmdb_and_ada(retries=0) as (fake, manager):

        async def show(link: ApprovalLink) -> None:
            fake.fail(times=2, status=503, path=EXCHANGES[RequestTokenLogin])
            fake.fail(times=2, status=429, path=EXCHANGES[RequestTokenLogin])
            await decide(link.url)

        async with manager.session(RequestTokenLogin(Link(show, poll_s=0.001))):
            assert _sent(fake, EXCHANGES[RequestTokenLogin]) == 5


async def test_v4_under_an_api_key_shows_nothing() -> None:
    """A v4 login without a read access token is refused before anything is sent or shown."""
    shown: list[ApprovalLink] = []
    async with tmdb_and_ada(api_key=True) as (fake, manager):
        for login in (V4Login(Link(shown.append)), V4Conversion(V4Login(Link(shown.append)))):
            with pytest.raises(NotConfigured, match="BearerToken"):
                await manager.login(login)
        assert not fake.requests
    assert not shown


async def test_a_cancelled_wait_leaves_nothing() -> None:
    """Whoever stops waiting, also while a question is under way, leaves neither a task nor a session."""
    async with tmdb_and_ada() as (fake, manager):
        before = asyncio.all_tasks()
        gate = fake.hold(EXCHANGES[RequestTokenLogin], carried_out=True)

        async def log_in() -> None:
            async with manager.session(RequestTokenLogin(Link(lambda link: decide(link.url), poll_s=0.001))):
                pass

        waiting = asyncio.get_running_loop().create_task(log_in())
        await fake.arrived(EXCHANGES[RequestTokenLogin])
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.release()
        async with asyncio.timeout(5):
            while [task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task)]:
                await asyncio.sleep(0)
        assert not fake.sessions


@pytest.mark.parametrize("settings", [{"poll_s": 0}, {"poll_s": -1}, {"timeout_s": 0}])
def test_settings_are_checked(settings: dict[str, float]) -> None:
    """Asking without a pause, or not at all, is refused at once."""
    with pytest.raises(NotConfigured, match="more than 0"):
        Link(print, **settings)
