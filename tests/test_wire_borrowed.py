"""A borrowed `ClientSession` keeps what is its own, and changes nothing of what a request means."""

from __future__ import annotations

import asyncio
import warnings
from types import SimpleNamespace

import aiohttp
import pytest

from tmdb_auth_async import TMDB, ApiKey, BearerToken, Guest, NotConfigured, Refused, SessionManager, TimedOut, tmdb
from tmdb_auth_async.errors import AuthError, Unreachable

from .scripted import Act, Scripted, http
from .showing import shown

TOKEN = "canary-token-1f"
KEY = "canary-key-2f"
YES = http({"success": True})
NO = http({"success": False, "status_code": 7, "status_message": "Invalid API key."}, status=401)
GUEST = http({"success": True, "guest_session_id": "g1", "expires_at": "2030-01-02 03:04:05 UTC"})


def managed(server: Scripted, client: aiohttp.ClientSession) -> SessionManager:
    """Return a manager over *client* that tries once."""
    return SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url), client=client, retries=0)


async def test_it_is_not_closed() -> None:
    """The manager ends; the program's client goes on."""
    async with Scripted() as server, aiohttp.ClientSession() as client:
        async with managed(server, client) as manager:
            await manager.ask(tmdb.validate_key())
        assert not client.closed
        async with client.get(server.url) as answer:
            assert answer.status == 200


async def test_a_closed_one_is_refused_in_words() -> None:
    """A client that was closed too early is the program's to mend: nothing is sent."""
    async with Scripted() as server:
        async with aiohttp.ClientSession() as client:
            manager = managed(server, client)
        async with manager:
            with pytest.raises(NotConfigured, match="borrowed"):
                await manager.ask(tmdb.validate_key())
        assert not server.arrived


async def test_its_base_url_does_not_move_a_request() -> None:
    """A request goes to the service, wherever the client's own requests go."""
    async with Scripted() as server, Scripted() as other, aiohttp.ClientSession(f"{other.url}/base/") as client:
        async with managed(server, client) as manager:
            await manager.ask(tmdb.validate_key())
        assert [arrived.target for arrived in server.arrived] == ["/3/authentication"]
        assert not other.arrived


async def _raise(_: aiohttp.ClientResponse) -> None:
    raise RuntimeError


@pytest.mark.parametrize("raises", [True, _raise])
async def test_its_raise_for_status_does_not_take_the_answer_away(raises: object) -> None:
    """A refusal is read, and is ours."""
    async with Scripted(NO) as server, aiohttp.ClientSession(raise_for_status=raises) as client:  # type: ignore[arg-type]  # both kinds of it
        async with managed(server, client) as manager:
            with pytest.raises(Refused) as caught:
                await manager.ask(tmdb.validate_key())
        assert caught.value.code == 7


async def test_its_headers_and_cookies_go_along() -> None:
    """A user agent and whatever else the program's client sends is sent, the credential stays ours."""
    headers = {"User-Agent": "ada/1.0", "X-Request-Id": "7"}
    async with (
        Scripted() as server,
        aiohttp.ClientSession(headers=headers, cookies={"a": "b"}, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client,
        managed(server, client) as manager,
    ):
        await manager.ask(tmdb.validate_key())
    sent = server.arrived[0].headers
    assert (sent["user-agent"], sent["x-request-id"], sent["cookie"]) == ("ada/1.0", "7", "a=b")
    assert sent["authorization"] == f"Bearer {TOKEN}"


async def test_its_own_authorization_header_gives_way() -> None:
    """A default Authorization header of the client's does not replace the credential."""
    async with (
        Scripted() as server,
        aiohttp.ClientSession(headers={"Authorization": "Basic eA=="}) as client,
        managed(server, client) as manager,
    ):
        await manager.ask(tmdb.validate_key())
    assert server.arrived[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_its_default_auth_is_refused_in_words() -> None:
    """Two credentials cannot be sent: the error says where the second one comes from, and nothing is sent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newest aiohttp deprecates it
        client = aiohttp.ClientSession(auth=aiohttp.BasicAuth("ada", "canary-password"))
    async with Scripted() as server, client, managed(server, client) as manager:
        with pytest.raises(NotConfigured, match="auth=") as caught:
            await manager.ask(tmdb.validate_key())
        assert not server.arrived
    assert "canary" not in shown(caught.value)


async def test_its_time_limits_do_not_count() -> None:
    """`timeout_s` is the limit, be the client's own shorter or longer."""
    brief = aiohttp.ClientTimeout(total=0.001, connect=0.001, sock_read=0.001)
    async with (
        Scripted() as server,
        aiohttp.ClientSession(timeout=brief) as client,
        managed(server, client) as manager,
    ):
        assert await manager.get("/3/account") == {"success": True}


async def test_it_may_leave_compressed_answers_alone() -> None:
    """A client that does not unpack by itself changes nothing."""
    async with Scripted() as server, aiohttp.ClientSession(auto_decompress=False) as client:
        async with managed(server, client) as manager:
            assert await manager.get("/3/account") == {"success": True}
        assert server.arrived[0].headers["accept-encoding"] == "gzip, deflate"


async def test_its_trace_configs_see_every_request() -> None:
    """A program's own tracing sees each request by its true method, and its end."""
    seen: list[str] = []

    async def started(_: object, __: SimpleNamespace, params: aiohttp.TraceRequestStartParams) -> None:
        seen.append(f"{params.method} {params.url.path}")

    async def ended(_: object, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        seen.append(f"{params.method} {params.response.status}")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(started)
    tracing.on_request_end.append(ended)
    async with (
        Scripted(YES, GUEST, YES) as server,
        aiohttp.ClientSession(trace_configs=[tracing]) as client,
        managed(server, client) as manager,
    ):
        await manager.ask(tmdb.validate_key())
        await manager.ask(tmdb.create_guest_session())
        await manager.put("/3/x")
    assert seen == [
        "GET /3/authentication",
        "GET 200",
        "GET /3/authentication/guest_session/new",
        "GET 200",
        "PUT /3/x",
        "PUT 200",
    ]


async def test_its_middlewares_see_every_request() -> None:
    """A middleware of the program's own is passed once by each request, whatever its method."""
    seen: list[str] = []

    async def middleware(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        seen.append(f"{sent.method} {sent.url.path}")
        sent.headers["X-Middle"] = "yes"
        return await handler(sent)

    async with Scripted(YES, GUEST, YES) as server, aiohttp.ClientSession(middlewares=[middleware]) as client:
        async with managed(server, client) as manager:
            await manager.get("/3/a")
            async with manager.session(Guest()) as guest:
                await guest.put("/3/b")
                await guest.post("/3/c")
                await guest.delete("/3/d")
        assert [arrived.headers.get("x-middle") for arrived in server.arrived] == ["yes"] * 5
    assert seen == ["GET /3/a", "GET /3/authentication/guest_session/new", "PUT /3/b", "POST /3/c", "DELETE /3/d"]


async def test_it_repeats_no_creating_request_by_itself() -> None:
    """On a borrowed client too a guest session is asked for once over a connection that is dropped."""
    async with Scripted(YES, Act.DROP, GUEST) as server, aiohttp.ClientSession() as client:
        async with managed(server, client) as manager:
            await manager.ask(tmdb.validate_key())
            with pytest.raises(Unreachable) as caught:
                await manager.ask(tmdb.create_guest_session())
        assert caught.value.may_have_created
        assert len(server.arrived) == 2


async def test_a_timeout_of_its_own_is_ours() -> None:
    """A middleware that gives up by `TimeoutError` is a `TimedOut`."""

    async def impatient(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        async with asyncio.timeout(0.01):
            return await handler(sent)

    async with (
        Scripted(Act.HANG) as server,
        aiohttp.ClientSession(middlewares=[impatient]) as client,
        managed(server, client) as manager,
    ):
        with pytest.raises(TimedOut):
            await manager.ask(tmdb.validate_key())


async def test_its_proxy_is_used_and_shown_to_nobody() -> None:
    """A proxy that is not there is `Unreachable`; neither its password nor the key in the URL shows."""
    async with Scripted() as gone:
        proxy = gone.url.replace("http://", "http://ada:canary-password@")
    async with Scripted() as server, aiohttp.ClientSession(proxy=proxy) as client:
        manager = SessionManager(ApiKey(KEY), service=TMDB.at(server.url), client=client, retries=0)
        async with manager:
            with pytest.raises(AuthError) as caught:
                await manager.ask(tmdb.create_session("t"))
        assert not server.arrived
    assert isinstance(caught.value, Unreachable)
    assert not caught.value.may_have_created
    assert "canary" not in shown(caught.value)
