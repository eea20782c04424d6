"""A web login in two halves: begun here, completed when its user comes back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from multidict import MultiDict, MultiDictProxy
from yarl import URL

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    NotConfigured,
    NotLoggedIn,
    Pending,
    Redirect,
    RequestTokenLogin,
    Session,
    SessionClosed,
    SessionManager,
    Strategy,
    V4Conversion,
    V4Login,
)

from .people import callback, tmdb_and_ada

REDIRECT = Redirect("http://127.0.0.1:9/login/callback?next=/films#top")

STRATEGIES = pytest.mark.parametrize(
    "strategy",
    [RequestTokenLogin(REDIRECT), V4Login(REDIRECT), V4Conversion(V4Login(REDIRECT))],
    ids=lambda strategy: type(strategy).__name__,
)

IN_ANOTHER_PROCESS = """
import asyncio, sys
from tmdb_auth_async import TMDB, BearerToken, Pending, SessionManager

async def main(url, token, query, text):
    async with SessionManager(BearerToken(token), service=TMDB.at(url)) as manager:
        session = await manager.complete(Pending.load(text), query)
        print((await session.get("/3/account"))["username"])

asyncio.run(main(*sys.stdin.read().splitlines()))
"""


@STRATEGIES
async def test_a_user_is_sent_away_and_comes_back_logged_in(strategy: Strategy[Any]) -> None:
    """The callback's query completes the login; the session lives until its close, which unmakes all of it."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(strategy)
        back = await callback(pending.url)
        assert back.startswith("http://127.0.0.1:9/login/callback?next=/films&")
        session = await manager.complete(pending, urlsplit(back).query)
        assert fake.sessions == ({session.id} if session.id else set())
        assert fake.access_tokens == ({session.access_token} if session.access_token else set())
        await session.get("/3/account")
        await session.close()
        assert not fake.sessions | fake.access_tokens


@STRATEGIES
async def test_another_process_can_complete_it(strategy: Strategy[Any]) -> None:
    """What was dumped here is loaded and completed by a program that has seen nothing of it before."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(strategy)
        query = urlsplit(await callback(pending.url)).query
        lines = f"{fake.url}\n{fake.read_access_token}\n{query}\n{pending.dump()}"
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-W", "error", "-c", IN_ANOTHER_PROCESS],
            input=lines,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert (done.stdout, done.stderr) == ("ada\n", "")
        assert not fake.sessions | fake.access_tokens


async def test_a_pending_login_says_until_when() -> None:
    """It ends with its request token: an hour in v3, a quarter of one in v4; a dump changes nothing of it."""
    async with tmdb_and_ada() as (_, manager):
        for strategy, life in ((RequestTokenLogin(REDIRECT), 60), (V4Login(REDIRECT), 15)):
            pending = await manager.begin(strategy)
            assert abs(pending.expires_at - datetime.now(UTC) - timedelta(minutes=life)) < timedelta(seconds=5)
            assert Pending.load(pending.dump()) == pending
            assert "\n" not in pending.dump()


async def test_a_pending_login_shows_nothing() -> None:
    """Neither the URL nor the value that binds the callback is in a repr."""
    async with tmdb_and_ada() as (_, manager):
        for strategy in (RequestTokenLogin(REDIRECT), V4Conversion(V4Login(REDIRECT))):
            pending = await manager.begin(strategy)
            query = URL(await callback(pending.url)).query
            shown = f"{pending!r} {pending.half!r} {pending}"
            assert not [text for text in (*query.values(), pending.url) if len(text) > 10 and text in shown]


async def test_the_query_may_come_as_frameworks_have_it() -> None:
    """A mapping, a multi-mapping, lists of values, a string with its question mark, path or whole URL: all are read."""
    forms: list[Callable[[str], Any]] = [
        lambda url: dict(URL(url).query),
        lambda url: MultiDictProxy(MultiDict(URL(url).query)),
        lambda url: parse_qs(urlsplit(url).query),
        lambda url: urlsplit(url).query,
        lambda url: f"?{urlsplit(url).query}",
        lambda url: f"/callback?{urlsplit(url).query}",
        lambda url: f"/a=b&c/callback?{urlsplit(url).query}",
        lambda url: f"callback?{urlsplit(url).query}",
        lambda url: f"myapp:/callback?{urlsplit(url).query}",
        lambda url: f"{urlsplit(url).query}&next=https://films.example/?page=2",
        lambda url: f"next=/films?page=2&{urlsplit(url).query}",
        str,
        lambda url: f"{url}#_=_",
    ]
    async with tmdb_and_ada() as (_, manager):
        for form in forms:
            pending = await manager.begin(RequestTokenLogin(REDIRECT))
            session = await manager.complete(pending, form(await callback(pending.url)))
            assert session.id


async def test_a_redirect_to_an_app_of_its_own_comes_back() -> None:
    """The URL of a private-use scheme (RFC 8252, 7.1) is a callback like another, whole as it came."""
    async with tmdb_and_ada() as (_, manager):
        pending = await manager.begin(RequestTokenLogin(Redirect("com.example.films:/callback")))
        back = await callback(pending.url)
        assert back.startswith("com.example.films:/callback?")
        assert (await manager.complete(pending, back)).id


async def test_a_completed_login_can_be_kept() -> None:
    """Under a name it is resumed and logged out like any other; a second login of the name takes its place."""
    async with tmdb_and_ada() as (fake, manager):
        handles: list[Session] = []
        for _ in range(2):
            pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
            completed = await manager.complete(pending, await callback(pending.url), name="ada")
            handles.append(await manager.resume("ada"))
            assert handles[-1].id == completed.id
        await manager.logout("ada")
        for handle in handles:
            with pytest.raises(SessionClosed):
                await handle.get("/3/account")
        with pytest.raises(NotLoggedIn):
            await manager.resume("ada")
    assert not fake.sessions | fake.access_tokens


async def test_what_is_completed_ends_with_the_manager() -> None:
    """A session that nobody closed or kept is closed by its manager."""
    async with tmdb_and_ada() as (fake, _):
        async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:
            pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
            await manager.complete(pending, await callback(pending.url))
            assert (len(fake.sessions), len(fake.access_tokens)) == (1, 1)
        assert not fake.sessions | fake.access_tokens


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/callback",
        "example.org/callback",
        "https://",
        "https:///callback",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://user:word@example.org/",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_a_redirect_needs_a_whole_url(url: str) -> None:
    """What no browser could come back to, or should, is refused at once."""
    with pytest.raises(NotConfigured, match="whole URL"):
        Redirect(url)


@pytest.mark.parametrize("rest", ["?key=canary", "#canary", "#canary?", "?#canary"])
def test_a_redirect_shows_no_query(rest: str) -> None:
    """What a program puts behind its callback's path is its own business; an app's own scheme is fine."""
    assert repr(Redirect(f"films://callback{rest}")) == "Redirect(url='films://callback')"
