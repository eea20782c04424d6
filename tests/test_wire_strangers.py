"""What others' code does in a borrowed client, by accident: it hides no session, and passes for nothing else."""

from __future__ import annotations

import json
import logging
import warnings

import aiohttp
import pytest

from tmdb_auth_async import TMDB, ApiKey, BearerToken, Chain, Guest, NotConfigured, SessionManager
from tmdb_auth_async.errors import NoAnswer, Unreachable, Unreadable

from .scripted import Act, Scripted, http
from .showing import shown

TOKEN = "canary-token-1f"
YES = http({"success": True})
GUEST = http({"success": True, "guest_session_id": "canary-guest-5f", "expires_at": "2030-01-02 03:04:05 UTC"})
BUGS = [ValueError("own"), json.JSONDecodeError("own", "{", 0), KeyError("own"), RuntimeError("own")]


def raising(error: Exception, *, after: bool) -> aiohttp.ClientMiddlewareType:
    """Return a middleware with a bug, before it sends or after."""

    async def middleware(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        if after:
            await handler(sent)
        raise error

    return middleware


def tracing(error: Exception) -> aiohttp.TraceConfig:
    """Return what traces, with a bug where a request has ended."""

    async def ended(*_: object) -> None:
        raise error

    config = aiohttp.TraceConfig()
    config.on_request_end.append(ended)
    return config


def managed(server: Scripted, client: aiohttp.ClientSession, app: ApiKey | None = None) -> SessionManager:
    """Return a manager over *client*."""
    return SessionManager(app or BearerToken(TOKEN), service=TMDB.at(server.url), client=client)


@pytest.mark.parametrize("traced", [False, True], ids=["middleware", "trace"])
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: type(bug).__name__)
async def test_a_bug_after_the_answer_may_have_lost_a_session(
    bug: Exception, caplog: pytest.LogCaptureFixture, *, traced: bool
) -> None:
    """The session was made: the error says so and names the bug, it is counted and logged, and a `Chain` stops."""
    client = (
        aiohttp.ClientSession(trace_configs=[tracing(bug)])
        if traced
        else aiohttp.ClientSession(middlewares=[raising(bug, after=True)])
    )
    async with Scripted(GUEST) as server, client, managed(server, client) as manager:
        with pytest.raises(Unreadable, match=type(bug).__name__) as caught, caplog.at_level(logging.WARNING):
            await manager.session(Chain(Guest(), Guest())).__aenter__()
        assert caught.value.may_have_created
        assert manager.stats().possibly_lost == 1
        assert len(server.arrived) == 1
    assert "the answer was lost" in caplog.text
    assert "canary" not in shown(caught.value)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: type(bug).__name__)
async def test_a_bug_after_the_answer_to_a_read_is_seen_as_it_is(bug: Exception) -> None:
    """Nothing was made: whoever wrote it gets it with its traceback."""
    async with (
        Scripted(YES) as server,
        aiohttp.ClientSession(middlewares=[raising(bug, after=True)]) as client,
        managed(server, client) as manager,
    ):
        with pytest.raises(type(bug)) as caught:
            await manager.get("/3/account")
        assert caught.value is bug


async def test_a_bug_before_anything_is_sent_loses_nothing() -> None:
    """A `ValueError` may as well be aiohttp's; any other is seen as it is. No session was made."""
    for bug, kind in ((BUGS[0], NotConfigured), (BUGS[3], RuntimeError)):
        async with (
            Scripted(GUEST) as server,
            aiohttp.ClientSession(middlewares=[raising(bug, after=False)]) as client,
            managed(server, client) as manager,
        ):
            with pytest.raises(kind):
                await manager.session(Guest()).__aenter__()
            assert manager.stats().possibly_lost == 0
            assert not server.arrived


async def test_a_middleware_that_sends_again_and_finds_nobody_may_have_lost_a_session() -> None:
    """Its first try got no answer, its second no connection: that the second never left does not help."""

    async def again(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        try:
            return await handler(sent)
        except aiohttp.ClientError:
            await server.__aexit__(None, None, None)
            return await handler(sent)

    async with Scripted(Act.DROP) as server, aiohttp.ClientSession(middlewares=[again]) as client:
        async with managed(server, client) as manager:
            with pytest.raises(NoAnswer) as caught:
                await manager.session(Guest()).__aenter__()
        assert isinstance(caught.value, Unreachable)
        assert caught.value.sent
        assert caught.value.may_have_created


@pytest.mark.parametrize("traced", [False, True], ids=["plain", "traced"])
async def test_a_clients_own_credential_does_not_go_where_none_is_meant_to(*, traced: bool) -> None:
    """Under an `ApiKey` nothing is signed by a header: what the client sends elsewhere is nobody's business here."""
    async with (
        Scripted(YES) as server,
        aiohttp.ClientSession(
            headers={"Authorization": "Bearer canary-other"}, trace_configs=[aiohttp.TraceConfig()] if traced else []
        ) as client,
        managed(server, client, ApiKey("the-key")) as manager,
    ):
        await manager.get("/3/account")
        await manager.put("/3/account")
    assert [arrived.headers.get("authorization") for arrived in server.arrived] == [None, None]
    assert [arrived.target for arrived in server.arrived] == ["/3/account?api_key=the-key"] * 2


async def test_a_clients_default_auth_does_not_go_there_either() -> None:
    """A name and password for another service stay with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newest aiohttp deprecates it
        client = aiohttp.ClientSession(auth=aiohttp.BasicAuth("ada", "canary-password"))
    async with Scripted(YES) as server, client, managed(server, client, ApiKey("the-key")) as manager:
        await manager.get("/3/account")
    assert "authorization" not in server.arrived[0].headers


async def test_a_middleware_may_still_sign_for_a_proxy_of_its_own() -> None:
    """What a middleware of the program's own puts on a request is meant."""

    async def signs(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        sent.headers["Authorization"] = "Bearer of-the-proxy"
        return await handler(sent)

    async with (
        Scripted(YES) as server,
        aiohttp.ClientSession(headers={"Authorization": "Bearer canary-other"}, middlewares=[signs]) as client,
        managed(server, client, ApiKey("the-key")) as manager,
    ):
        await manager.get("/3/account")
    assert server.arrived[0].headers["authorization"] == "Bearer of-the-proxy"
