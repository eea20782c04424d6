"""Web logins that are not completed: each gets its error, and none leaves anything behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from yarl import URL

from tmdb_auth_async import (
    TMDB,
    ApprovalDenied,
    ApprovalTimedOut,
    AuthError,
    BearerToken,
    Browser,
    Chain,
    Guest,
    Link,
    NotApproved,
    NotConfigured,
    Password,
    Pending,
    Redirect,
    RequestTokenInvalid,
    RequestTokenLogin,
    ServiceDown,
    SessionClosed,
    SessionManager,
    V4Conversion,
    V4Login,
)
from tmdb_auth_async.testing import FakeTMDB

from .people import callback, tmdb_and_ada

REDIRECT = Redirect("https://films.example/callback")

LOGINS = pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])

Login = Callable[[Redirect], RequestTokenLogin | V4Login]


def _exchanges(fake: FakeTMDB) -> int:
    return sum(request.path in {"/3/authentication/session/new", "/4/auth/access_token"} for request in fake.requests)


@LOGINS
async def test_a_replay_is_refused(login: Login) -> None:
    """The same callback again is refused without a request here, and by the service everywhere else."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        await manager.complete(pending, back)
        for again in (pending, Pending.load(pending.dump())):
            with pytest.raises(RequestTokenInvalid, match="completed already"):
                await manager.complete(again, back)
        assert _exchanges(fake) == 1
        async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as other:
            with pytest.raises((RequestTokenInvalid, NotApproved)):
                await other.complete(pending, back)
        assert len(fake.sessions | fake.access_tokens) == 1


@LOGINS
async def test_two_at_once_are_one(login: Login) -> None:
    """Of two requests with the same callback, one opens the session and the other is refused."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        results = await asyncio.gather(*(manager.complete(pending, back) for _ in range(5)), return_exceptions=True)
        assert [type(one) for one in results if isinstance(one, BaseException)] == [RequestTokenInvalid] * 4
        assert len(fake.sessions | fake.access_tokens) == 1


@LOGINS
async def test_a_foreign_callback_is_refused(login: Login) -> None:
    """The callback of one login, approved by whomever, does not complete another one, and spoils neither."""
    async with tmdb_and_ada() as (fake, manager):
        mine, foreign = await manager.begin(login(REDIRECT)), await manager.begin(login(REDIRECT))
        my_back, foreign_back = await callback(mine.url), await callback(foreign.url)
        for pending, back in ((mine, foreign_back), (foreign, my_back)):
            with pytest.raises(RequestTokenInvalid, match="another login"):
                await manager.complete(pending, back)
        assert _exchanges(fake) == 0
        await manager.complete(mine, my_back)
        await manager.complete(foreign, foreign_back)


@LOGINS
async def test_a_changed_callback_is_refused(login: Login) -> None:
    """A value that was changed, left out or put elsewhere is refused before anything is sent."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = dict(URL(await callback(pending.url)).query)
        bound = [name for name in back if name != "approved"]
        assert bound
        for name in bound:
            without = {other: text for other, text in back.items() if other != name}
            changes: list[dict[str, Any]] = [
                without,
                {**back, name: ""},
                {**back, name: back[name][:-1]},
                {**back, name: back[name] + "x"},
                {**back, name: back[name].swapcase()},
                {**back, name: None},
                {**back, name: [["nested"]]},
                {**without, "state": back[name]},
            ]
            for change in changes:
                if change != back:
                    with pytest.raises(RequestTokenInvalid):
                        await manager.complete(pending, change)
        assert _exchanges(fake) == 0
        await manager.complete(pending, back)


async def test_a_no_is_a_denial() -> None:
    """What v3 says in its callback is believed, with nothing sent; a second try is no yes."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url, "deny")
        for _ in range(2):
            with pytest.raises(ApprovalDenied):
                await manager.complete(pending, back)
        assert _exchanges(fake) == 0


async def test_a_no_in_v4_is_the_services_to_tell() -> None:
    """A v4 callback says nothing, so the token is tried: what was denied is refused, and what was never decided too."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Login(REDIRECT))
        with pytest.raises(RequestTokenInvalid):
            await manager.complete(pending, await callback(pending.url, "deny"))
        pending = await manager.begin(V4Login(REDIRECT))
        state = json.loads(pending.dump())["half"]["data"]["state"]
        with pytest.raises(ApprovalDenied):
            await manager.complete(pending, {"tmdb_login": state})
        assert not fake.access_tokens


async def test_a_yes_that_was_not_said_is_no_yes() -> None:
    """A user who writes the callback themselves is asked about at the service, and may still approve."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        half = json.loads(pending.dump())["half"]["data"]
        query = {"tmdb_login": half["state"], "request_token": half["request_token"], "approved": "true"}
        with pytest.raises(NotApproved) as caught:
            await manager.complete(pending, query)
        assert not isinstance(caught.value, ApprovalDenied)
        await callback(pending.url)
        await manager.complete(pending, query)
        assert len(fake.sessions) == 1


@LOGINS
async def test_an_expired_login_is_refused(login: Login) -> None:
    """Who comes back too late begins anew."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        fake.advance(seconds=3601)
        with pytest.raises((NotApproved, RequestTokenInvalid)):
            await manager.complete(pending, back)
        assert not fake.sessions | fake.access_tokens


async def test_an_expired_login_says_so_where_clocks_agree() -> None:
    """Where this machine's clock has passed the end too, the error is about the time."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url)
        record = json.loads(pending.dump())
        record["half"]["data"]["expires_at"] = "2001-01-01T00:00:00+00:00"
        fake.advance(seconds=3601)
        with pytest.raises(ApprovalTimedOut):
            await manager.complete(Pending.load(json.dumps(record)), back)


async def test_a_completion_that_failed_can_be_repeated() -> None:
    """A user who reloads the callback after an outage is logged in, if their token still lives."""
    async with tmdb_and_ada(retries=0) as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url)
        fake.fail(status=503, path="/3/authentication/session/new")
        with pytest.raises(ServiceDown):
            await manager.complete(pending, back)
        await manager.complete(pending, back)
        assert len(fake.sessions) == 1


async def test_a_refused_conversion_unmakes_the_access_token() -> None:
    """What the second half made halfway is deleted."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
        fake.fail(code=36, path="/3/authentication/session/convert/4")
        with pytest.raises(AuthError):
            await manager.complete(pending, await callback(pending.url))
        assert not fake.sessions | fake.access_tokens


async def test_a_cancelled_completion_leaves_nothing() -> None:
    """A request handler that is cancelled while TMDB answers leaves no session."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
        back = await callback(pending.url)
        gate = fake.hold("/3/authentication/session/convert/4", carried_out=True)
        completing = asyncio.get_running_loop().create_task(manager.complete(pending, back))
        await fake.arrived("/3/authentication/session/convert/4")
        completing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await completing
        gate.release()
        await fake.arrived("/4/auth/access_token", method="DELETE")
        await manager.aclose()
        assert not fake.sessions | fake.access_tokens


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


@pytest.mark.parametrize("query", [None, b"a=b", 7, ["a=b"]])
async def test_a_query_is_a_mapping_or_a_string(query: Any) -> None:
    """Anything else is a mistake of the program's, and said to be."""
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
        json.dumps({**record, "expires_at": "canary"}),
        json.dumps({**record, "expires_at": "2030-01-01T00:00:00"}),
        json.dumps({**record, "half": {**half, "v": 99}}),
        json.dumps({**record, "half": {**half, "kind": "os:system"}}),
        json.dumps({**record, "half": {**half, "kind": "tmdb_auth_async.tmdb.sessions:UserSession"}}),
        json.dumps({**record, "half": {**half, "data": {**half["data"], "flow": "v5"}}}),
        json.dumps({**record, "half": {**half, "data": {"flow": "v3"}}}),
    ]
    assert Pending.load(text).url == record["url"]
    for one in wrong:
        with pytest.raises(NotConfigured, match="pending login") as caught:
            Pending.load(one)
        assert "canary" not in str(caught.value)
        assert caught.value.__context__ is None
