"""Approval in a browser of this machine."""

from __future__ import annotations

import asyncio
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

import pytest

from tmdb_auth_async import (
    ApprovalDenied,
    ApprovalTimedOut,
    Browser,
    NotAttempted,
    NotConfigured,
    RequestTokenLogin,
    ServiceDown,
    V4Conversion,
    V4Login,
)

from .people import Seen, decide, tmdb_and_ada

LOGINS = pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])


def _user(pages: list[Seen], decision: str = "approve") -> Callable[[str], Any]:
    """Return an `open_url` whose user decides, and notes the page that they see in the end."""

    async def open_url(url: str) -> None:
        pages.append(await decide(url, decision))

    return open_url


@LOGINS
async def test_a_yes_in_the_browser_opens_a_session(login: Callable[[Browser], RequestTokenLogin | V4Login]) -> None:
    """Whoever approves is logged in, sees a page that says so, and is logged out with the block."""
    pages: list[Seen] = []
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(login(Browser(open_url=_user(pages)))):
            assert len(fake.sessions | fake.access_tokens) == 1
        assert not fake.sessions | fake.access_tokens
    assert [(page.status, page.headline) for page in pages] == [(200, "You are logged in")]


@LOGINS
async def test_a_no_in_the_browser_is_a_denial(login: Callable[[Browser], RequestTokenLogin | V4Login]) -> None:
    """Whoever denies sees that the program was told so, also in v4, whose redirect says nothing."""
    pages: list[Seen] = []
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(ApprovalDenied, match="user"):
            await manager.login(login(Browser(open_url=_user(pages, "deny"))))
        assert not fake.sessions | fake.access_tokens
    assert [(page.status, page.headline) for page in pages] == [(200, "You said no")]


async def test_an_exchange_that_fails_shows_in_the_browser() -> None:
    """A page never says that somebody is logged in who is not."""
    pages: list[Seen] = []
    async with tmdb_and_ada(retries=0) as (fake, manager):
        fake.fail(status=503, path="/3/authentication/session/new")
        with pytest.raises(ServiceDown):
            await manager.login(RequestTokenLogin(Browser(open_url=_user(pages))))
    assert [page.headline for page in pages] == ["The login did not work"]


async def test_a_browser_login_can_be_converted() -> None:
    """A v4 login in the browser becomes a v3 session, and both end with the block."""
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(V4Conversion(V4Login(Browser(open_url=_user([]))))) as ada:
            assert (fake.sessions, fake.access_tokens) == ({ada.id}, {ada.access_token})
        assert not fake.sessions | fake.access_tokens


async def test_a_plain_function_opens_the_browser_in_a_thread() -> None:
    """It gets the URL as a string, away from the event loop's thread, which goes on meanwhile."""
    loop = asyncio.get_running_loop()
    seen: list[object] = []

    def open_url(url: str) -> bool:
        page = asyncio.run_coroutine_threadsafe(decide(url), loop).result(5)
        seen.extend([type(url), threading.current_thread() is threading.main_thread(), page.headline])
        return True

    async with tmdb_and_ada() as (_, manager):
        await manager.login(RequestTokenLogin(Browser(open_url=open_url)))
    assert seen == [str, False, "You are logged in"]


async def test_what_opens_the_browser_may_stay_in_it() -> None:
    """A text browser that is never left holds nothing up, and neither does a coroutine that waits for ever."""
    left = threading.Event()
    cancelled = False
    loop = asyncio.get_running_loop()

    def text_browser(url: str) -> None:
        asyncio.run_coroutine_threadsafe(decide(url), loop)
        left.wait(10)

    async def for_ever(url: str) -> None:
        nonlocal cancelled
        await decide(url)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled = True
            raise

    async with tmdb_and_ada() as (fake, manager), asyncio.timeout(5):
        async with manager.session(RequestTokenLogin(Browser(open_url=text_browser))):
            assert len(fake.sessions) == 1
        async with manager.session(RequestTokenLogin(Browser(open_url=for_ever))):
            assert len(fake.sessions) == 1
    left.set()
    assert cancelled


def _no_browser(_: str) -> bool:
    return False


def _broken_browser(_: str) -> bool:
    raise webbrowser.Error("no display")


async def _no_remote_browser(_: str) -> bool:
    return False


@pytest.mark.parametrize("open_url", [_no_browser, _broken_browser, _no_remote_browser])
async def test_no_browser_is_not_attempted(open_url: Callable[[str], Any]) -> None:
    """Where no browser opens, the login was not attempted, and the error hides nothing behind it."""
    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(NotAttempted, match="no browser") as caught:
            await manager.login(RequestTokenLogin(Browser(open_url=open_url)))
    assert not isinstance(caught.value, NotConfigured)
    assert caught.value.__context__ is None


async def test_an_error_of_the_callers_is_the_callers() -> None:
    """What else `open_url` raises is raised as it is."""

    def open_url(_: str) -> None:
        raise LookupError("mine")

    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(LookupError, match="mine"):
            await manager.login(RequestTokenLogin(Browser(open_url=open_url)))


async def test_the_standard_librarys_browser_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an `open_url` it is `webbrowser.open`."""
    opened: list[str] = []

    def open_(url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr(webbrowser, "open", open_)
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotAttempted):
            await manager.login(RequestTokenLogin(Browser()))
        assert opened[0].startswith(f"{fake.url}/authenticate/")


async def test_silence_times_out() -> None:
    """A user who does nothing is waited for no longer than `timeout_s`."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(ApprovalTimedOut, match="in time"):
            await manager.login(RequestTokenLogin(Browser(open_url=lambda _: None, timeout_s=0.02)))
        assert not fake.sessions


async def test_v4_under_an_api_key_opens_nothing() -> None:
    """A v4 login without a read access token is refused before a request is sent or a browser opened."""
    opened: list[str] = []
    async with tmdb_and_ada(api_key=True) as (fake, manager):
        for login in (V4Login(Browser(open_url=opened.append)), V4Conversion(V4Login(Browser(open_url=opened.append)))):
            with pytest.raises(NotConfigured, match="BearerToken"):
                await manager.login(login)
        assert not fake.requests
    assert not opened


def test_a_wait_without_an_end_is_refused() -> None:
    """A time limit is more than nothing."""
    with pytest.raises(NotConfigured, match="timeout_s"):
        Browser(timeout_s=0)
