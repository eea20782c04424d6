"""A success that has no body by its nature is `None` for an untyped call; a typed one needs its answer."""

from __future__ import annotations

import contextlib

import aiohttp
import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Refused,
    ServiceDown,
    SessionManager,
    Unreadable,
    tmdb,
)
from tmdb_auth_async.zitadel import Zitadel

from .scripted import Scripted, http

APP = BearerToken("user-token")
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"


@pytest.mark.parametrize("service", [TMDB.at, Zitadel])
@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("HEAD", LENGTH),
        ("head", http()),
        ("DELETE", NOTHING),
        ("POST", NOTHING),
        ("PUT", b"HTTP/1.1 204 No Content\r\nContent-Type: text/html\r\n\r\n"),
        ("POST", http(status=205)),
    ],
)
async def test_a_success_without_a_body_is_none(service: type[Zitadel], method: str, answer: bytes) -> None:
    """To a HEAD, and with status 204 or 205, by a manager and by a session."""
    async with (
        Scripted(answer) as server,
        SessionManager(APP, service=service(server.url)) as manager,
        manager.session(APP) as session,
    ):
        assert await manager.request(method, "/3/x") is None
        assert await session.request(method, "/3/x") is None


@pytest.mark.parametrize(
    ("method", "answer", "kind"),
    [
        ("GET", http(), Unreadable),
        ("POST", http(), Unreadable),
        ("HEAD", http(status=404), Refused),
        ("HEAD", http(status=503), ServiceDown),
        ("HEAD", http(status=302), Unreadable),
        ("HEAD", http(content_type="text/html"), ServiceDown),
    ],
)
async def test_nothing_where_something_is_due_is_an_error(method: str, answer: bytes, kind: type[Exception]) -> None:
    """A 200 that says nothing, and a HEAD that went wrong or met a gateway's page."""
    async with Scripted(answer) as server, SessionManager(APP, service=TMDB.at(server.url), retries=0) as manager:
        with pytest.raises(kind):
            await manager.request(method, "/3/x")


async def test_a_typed_call_needs_its_answer() -> None:
    """There is no value to be made of nothing."""
    async with Scripted(NOTHING) as server, SessionManager(APP, service=TMDB.at(server.url)) as manager:
        with pytest.raises(Unreadable):
            await manager.ask(tmdb.delete_session("some-session"))


async def test_a_large_answer_is_read_as_its_error_says() -> None:
    """`get` names `request`, which takes the bound that `get` has not."""
    text = "x" * 2_000_000
    async with Scripted(http(text)) as server, SessionManager(APP, service=TMDB.at(server.url)) as manager:
        with pytest.raises(Unreadable, match=r"request\(\.\.\., max_bytes=\.\.\.\)"):
            await manager.get("/3/x")
        assert await manager.request("GET", "/3/x", max_bytes=3_000_000) == text


@pytest.mark.parametrize("fields", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", ["own", "borrowed", "traced"])
async def test_a_head_may_be_of_something_large(kind: str, fields: dict[str, str]) -> None:
    """The length that it tells is that of what a GET would bring: nothing comes, so nothing is too large."""
    answer = http(headers={"Content-Length": "5000000", **fields})
    async with Scripted(answer, LENGTH) as server, contextlib.AsyncExitStack() as stack:
        client = None
        if kind != "own":
            traces = [aiohttp.TraceConfig()] if kind == "traced" else []
            client = await stack.enter_async_context(aiohttp.ClientSession(trace_configs=traces))
        manager = SessionManager(BearerToken("t"), service=TMDB.at(server.url), client=client)
        await stack.enter_async_context(manager)
        assert await manager.request("HEAD", "/3/movie/5") is None
        assert await manager.request("HEAD", "/3/movie/5") is None
        assert server.connections == 1
