"""A session's middleware signs the caller's own requests: to its service, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from yarl import URL

from tmdb_auth_async import (
    TMDB,
    ApiKey,
    AppCredential,
    BearerToken,
    Password,
    RequestTokenLogin,
    Session,
    SessionClosed,
    SessionManager,
)
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.values import SessionValue

from .scripted import Scripted, http
from .session_kit import ACCOUNT, BOTH, GUEST, SESSION, TOKEN, USER, V3, V4, Opened


@asynccontextmanager
async def opened(
    url: str, value: SessionValue = V3, app: AppCredential | None = None
) -> AsyncIterator[tuple[Session, aiohttp.ClientSession]]:
    """Open a session of *value* at *url*, and a client that its middleware signs for."""
    async with (
        SessionManager(app or BearerToken(TOKEN), service=TMDB.at(url)) as manager,
        manager.session(Opened(value)) as session,
        aiohttp.ClientSession(middlewares=[session.middleware]) as client,
    ):
        yield session, client


@pytest.mark.parametrize(
    ("value", "path", "target", "bearer"),
    [
        (V3, "/3/account", f"/3/account?session_id={SESSION}", TOKEN),
        (V3, "/3/account?page=2&q=a%26b", f"/3/account?page=2&q=a%26b&session_id={SESSION}", TOKEN),
        (V3, "/3/x?session_id=other", f"/3/x?session_id={SESSION}", TOKEN),
        (GUEST, "/3/movie/5/rating", f"/3/movie/5/rating?guest_session_id={SESSION}", TOKEN),
        (V4, f"/4/account/{ACCOUNT}/lists", f"/4/account/{ACCOUNT}/lists", USER),
        (BOTH, "/3/account", f"/3/account?session_id={SESSION}", TOKEN),
        (BOTH, "/4/list/1", "/4/list/1", USER),
    ],
)
async def test_a_request_to_the_service_is_signed(value: SessionValue, path: str, target: str, bearer: str) -> None:
    """It carries what the session's own requests carry, beside what is in it."""
    async with Scripted() as server, opened(server.url, value) as (_, client):
        async with client.get(server.url + path) as answer:
            assert answer.status == 200
        async with client.post(server.url + path, json={"value": 8}) as answer:
            assert answer.status == 200
    for arrived in server.arrived:
        assert (arrived.target, arrived.headers["authorization"]) == (target, f"Bearer {bearer}")
    assert server.arrived[1].json() == {"value": 8}


async def test_an_api_key_signs_too() -> None:
    """Under an `ApiKey` the key and the session go into the query."""
    async with Scripted() as server, opened(server.url, V3, ApiKey("the-key")) as (_, client):
        await client.get(f"{server.url}/3/account")
    assert server.arrived[0].target == f"/3/account?session_id={SESSION}&api_key=the-key"
    assert "authorization" not in server.arrived[0].headers


@pytest.mark.parametrize("said", ["", ":443"])
@pytest.mark.parametrize("asked", ["", ":443", ":444"])
async def test_a_port_that_goes_without_saying_is_the_same(said: str, asked: str) -> None:
    """`https://host:443` is `https://host`, for the service and for the request; another port is not."""
    async with Scripted() as server:

        async def elsewhere(sent: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
            sent.url = URL(server.url + sent.url.path)
            return await send(sent)

        async with (
            SessionManager(BearerToken(TOKEN), service=TMDB.at(f"https://api.example{said}")) as manager,
            manager.session(Opened(V4)) as session,
            aiohttp.ClientSession(middlewares=[session.middleware, elsewhere]) as client,
        ):
            await client.get(f"https://api.example{asked}/4/list/1")
    assert ("authorization" in server.arrived[0].headers) is (asked != ":444")


async def test_another_origin_gets_nothing() -> None:
    """Another port is another origin: its requests pass as they are."""
    async with Scripted() as server, Scripted() as other, opened(server.url) as (_, client):
        await client.get(f"{other.url}/3/account", headers={"X-Mine": "1"})
        arrived = other.arrived[0]
        assert arrived.target == "/3/account"
        assert "authorization" not in arrived.headers
        assert arrived.headers["x-mine"] == "1"
        assert not server.arrived


async def test_another_name_of_this_machine_is_another_origin() -> None:
    """Who is signed for is who was named, not whoever answers there."""
    async with Scripted() as server, opened(server.url) as (_, client):
        await client.get(server.url.replace("127.0.0.1", "localhost") + "/3/account")
        assert server.arrived[0].target == "/3/account"
        assert "authorization" not in server.arrived[0].headers


@pytest.mark.parametrize(
    ("path", "signed"),
    [
        ("/proxy/tmdb/3/account", True),
        ("/proxy/tmdb/", True),
        ("/proxy/tmdb/a/../3/account", True),
        ("/proxy/tmdb", False),
        ("/proxy/tmdbx/3/account", False),
        ("/proxy/other/3/account", False),
        ("/3/account", False),
        ("/proxy/tmdb/../other", False),
        ("/proxy/tmdb/%2e%2e/other", False),
    ],
)
async def test_a_prefix_is_kept_to(path: str, signed: bool) -> None:  # noqa: FBT001  # a table
    """Behind a proxy only what is below the service's own path is signed: its neighbours get nothing."""
    async with Scripted() as server, opened(f"{server.url}/proxy/tmdb") as (_, client):
        await client.get(server.url + path)
    assert ("authorization" in server.arrived[0].headers) is signed
    assert (SESSION in server.arrived[0].target) is signed


async def test_a_v4_path_is_known_behind_a_prefix() -> None:
    """Which credential a path takes is told by what is below the prefix."""
    async with Scripted() as server, opened(f"{server.url}/proxy", BOTH) as (_, client):
        await client.get(f"{server.url}/proxy/4/list/1")
    assert (server.arrived[0].target, server.arrived[0].headers["authorization"]) == (
        "/proxy/4/list/1",
        f"Bearer {USER}",
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_takes_nothing_along(status: int) -> None:
    """The caller's client may follow a redirect to another origin: neither token nor session goes there."""
    async with Scripted() as other:
        away = http(b"", status=status, headers={"Location": f"{other.url}/3/account"})
        async with Scripted(away) as server, opened(server.url) as (_, client):
            async with client.get(f"{server.url}/3/account") as answer:
                assert answer.status == 200
            assert SESSION in server.arrived[0].target
        (arrived,) = other.arrived
    assert SESSION not in arrived.target
    assert "authorization" not in arrived.headers
    assert SESSION not in str(arrived.headers)


async def test_a_closed_session_signs_nothing() -> None:
    """After the close a request to the service is `SessionClosed`, to anybody else still fine; nothing is sent."""
    async with Scripted() as server, Scripted() as other, opened(server.url) as (session, client):
        await session.close()
        with pytest.raises(SessionClosed):
            await client.get(f"{server.url}/3/account")
        assert not server.arrived
        await client.get(other.url)
        assert len(other.arrived) == 1


async def test_it_stands_among_other_middlewares() -> None:
    """Those before it see the request unsigned, those behind it signed."""
    seen: list[str] = []

    async def look(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        seen.append(f"{'authorization' in sent.headers} {'session_id' in sent.url.query}")
        return await handler(sent)

    async with (
        Scripted() as server,
        opened(server.url) as (session, _),
        aiohttp.ClientSession(middlewares=[look, session.middleware, look]) as client,
    ):
        await client.get(f"{server.url}/3/account")
    assert seen == ["False False", "True True"]


async def test_it_may_be_given_to_one_request() -> None:
    """A client of many services gives it to the requests that it is for."""
    async with Scripted() as server, opened(server.url) as (session, _), aiohttp.ClientSession() as client:
        await client.get(f"{server.url}/3/a", middlewares=[session.middleware])
        await client.get(f"{server.url}/3/b")
    assert [SESSION in arrived.target for arrived in server.arrived] == [True, False]


async def test_requests_at_once_are_each_signed_once() -> None:
    """A hundred requests side by side carry one session each."""
    async with Scripted() as server, opened(server.url) as (_, client):
        await asyncio.gather(*[client.get(f"{server.url}/3/{number}") for number in range(100)])
    assert all(arrived.target.count(SESSION) == 1 for arrived in server.arrived)


async def test_a_real_session_is_used_by_ones_own_client() -> None:
    """What the service made signs the caller's own request, until the block is over."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        async with (
            SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager,
            manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada,
            aiohttp.ClientSession(fake.url, middlewares=[ada.middleware]) as client,
            client.get("/3/account") as answer,
        ):
            assert (await answer.json())["username"] == "ada"
        assert not fake.sessions
        assert ada.closed
