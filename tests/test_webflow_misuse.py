"""Web logins that cannot be: refused before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tmdb_auth_async import (
    BearerToken,
    Browser,
    Chain,
    Guest,
    Link,
    NotConfigured,
    Password,
    Pending,
    RequestTokenLogin,
    SessionClosed,
    V4Conversion,
    V4Login,
)

from .people import callback, tmdb_and_ada
from .webflow_kit import REDIRECT


@pytest.mark.parametrize(
    "strategy",
    [
        RequestTokenLogin(Password("ada", "secret")),
        RequestTokenLogin(Link(print)),
        V4Login(Browser()),
        V4Conversion(V4Login(Link(print))),
        V4Conversion(BearerToken("token")),
        V4Conversion(RequestTokenLogin(REDIRECT)),
        Chain(RequestTokenLogin(REDIRECT)),
        V4Conversion(Chain(V4Login(REDIRECT))),
        Guest(),
        BearerToken("token"),
    ],
    ids=repr,
)
async def test_only_a_redirect_begins(strategy: Any) -> None:
    """Whatever could not be completed is not begun: refused before anything is sent."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotConfigured):
            await manager.begin(strategy)
        assert not fake.requests


@pytest.mark.parametrize(
    "strategy", [RequestTokenLogin(REDIRECT), V4Login(REDIRECT), V4Conversion(V4Login(REDIRECT))], ids=repr
)
async def test_a_redirect_only_begins(strategy: Any) -> None:
    """Nobody would wait for the callback of a scoped or kept login: refused before anything is sent."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotConfigured, match=r"manager\.begin"):
            await manager.login(strategy)
        with pytest.raises(NotConfigured, match=r"manager\.begin"):
            async with manager.session(strategy):
                pass
        assert not fake.requests


async def test_v4_under_an_api_key_does_not_begin() -> None:
    """A v4 login without a read access token is refused before anything is sent."""
    async with tmdb_and_ada(api_key=True) as (fake, manager):
        for strategy in (V4Login(REDIRECT), V4Conversion(V4Login(REDIRECT))):
            with pytest.raises(NotConfigured, match="BearerToken"):
                await manager.begin(strategy)
        assert not fake.requests


async def test_a_closed_manager_neither_begins_nor_completes() -> None:
    """After its block a manager says that it is closed."""
    async with tmdb_and_ada() as (_, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url)
        await manager.aclose()
        works: list[Callable[[], Awaitable[object]]] = [
            lambda: manager.begin(RequestTokenLogin(REDIRECT)),
            lambda: manager.complete(pending, back),
        ]
        for work in works:
            with pytest.raises(SessionClosed):
                await work()


@pytest.mark.parametrize("pending", [None, "{canary}", 7, Pending])
async def test_only_a_pending_is_completed(pending: Any) -> None:
    """Not the text that it was dumped as, which must be loaded first."""
    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(NotConfigured, match=r"Pending\.load\(text\)") as caught:
            await manager.complete(pending, "approved=true")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("login", [RequestTokenLogin(REDIRECT), V4Conversion(V4Login(REDIRECT))], ids=repr)
async def test_a_login_is_completed_where_it_was_begun(login: Any) -> None:
    """Another service was sent the request token; a text that 1.0.0 dumped does not say where."""
    async with tmdb_and_ada() as (_, manager), tmdb_and_ada() as (other, elsewhere):
        pending = await manager.begin(login)
        back = await callback(pending.url)
        text = pending.dump()
        for one in (pending, Pending.load(text)):
            with pytest.raises(NotConfigured, match="begun at another service"):
                await elsewhere.complete(one, back)
        assert not other.requests
        record = json.loads(text)
        del record["service"]
        await manager.complete(Pending.load(json.dumps(record)), back)


async def test_what_begins_gives_a_pending() -> None:
    """A stranger's strategy that forgets to is told so."""

    class Forgets(Guest):
        async def begin(self, _: object, /) -> None:
            """Begin nothing."""

    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(NotConfigured, match="must return a Pending"):
            await manager.begin(Forgets())


@pytest.mark.parametrize(
    "query",
    [None, b"a=b", 7, ["a=b"], {b"approved": b"true"}, {"approved": [b"true"]}],
)
async def test_a_query_is_a_mapping_or_a_string(query: Any) -> None:
    """Anything else, bytes in a mapping too, is a mistake of the program's, and said to be."""
    async with tmdb_and_ada() as (_, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        with pytest.raises(NotConfigured, match="query"):
            await manager.complete(pending, query)


async def test_a_dump_that_is_none_is_refused() -> None:
    """Text that was cut, changed, or never was a dump is refused, and not quoted."""
    async with tmdb_and_ada() as (_, manager):
        text = (await manager.begin(RequestTokenLogin(REDIRECT))).dump()
    record = json.loads(text)
    half = record["half"]
    wrong = [
        "",
        "canary",
        "null",
        "[]",
        "{}",
        "9" * 5000,
        text[:-1],
        json.dumps({**record, "pending": 2}),
        json.dumps({**record, "url": 7}),
        json.dumps({**record, "service": 7}),
        json.dumps({**record, "expires_at": "canary"}),
        json.dumps({**record, "expires_at": "2030-01-01T00:00:00"}),
        json.dumps({**record, "half": {**half, "v": 99}}),
        json.dumps({**record, "half": {**half, "kind": "os:system"}}),
        json.dumps({**record, "half": {**half, "kind": "tmdb_auth_async.tmdb.sessions:UserSession"}}),
        json.dumps({**record, "half": {**half, "data": {**half["data"], "flow": "v5"}}}),
        json.dumps({**record, "half": {**half, "data": {"flow": "v3"}}}),
        json.dumps({**record, "half": {**half, "data": {**half["data"], "state": "canary-\ud800"}}}),
        json.dumps({**record, "half": {**half, "data": {**half["data"], "request_token": "canary-\ud800"}}}),
    ]
    assert Pending.load(text).url == record["url"]
    for one in wrong:
        with pytest.raises(NotConfigured, match="pending login") as caught:
            Pending.load(one)
        assert "canary" not in str(caught.value)
        assert caught.value.__context__ is None
