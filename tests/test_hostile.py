"""Whatever a server answers: a value or an error of the tree, in time, in little memory, and nothing goes elsewhere."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import time
import tracemalloc
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tmdb_auth_async import (
    TMDB,
    AuthError,
    BearerToken,
    Call,
    NoAnswer,
    Password,
    Refused,
    Request,
    RequestTokenLogin,
    Response,
    SessionManager,
    tmdb,
    zitadel,
)
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.values import JSON_ANSWER

from .hostile import DRIPS, FLOODS, Answer, hostile, http, saying
from .showing import shown

TOKEN = "canary-5f1e9a7c3b"
CREATE = tmdb.create_session(TOKEN)
READ = Call(Request("GET", "/3/account", params={"session_id": TOKEN}), JSON_ANSWER)
GUEST = tmdb.create_guest_session()
IN_TIME_S = 15.0
"""What is far more than any time limit of these tests, and far less than a hang."""

MOST_MEMORY = 12 * 1024 * 1024
MOST_SENT = 24 * 1024 * 1024
"""What may have left the server when the client hangs up: what it reads, and what this machine's sockets hold."""


async def met(answer: Answer, call: Call[Any], *, elsewhere: Answer | None = None, **settings: Any) -> tuple[Any, Any]:
    """Put *call* to a hostile server; return the outcome, a value or an error of the tree, and the server."""
    settings = {"timeout_s": 0.4, "close_timeout_s": 0.2, "retries": 0} | settings
    async with hostile(answer) as server:
        began = time.monotonic()
        async with SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url), **settings) as manager:
            outcome = await harmless(manager.ask(call))
        assert time.monotonic() - began < IN_TIME_S
        return outcome, server


async def harmless(asking: Awaitable[object]) -> object:
    """Return the value, or the error of the tree, which shows nothing."""
    error: AuthError
    try:
        return await asking
    except AuthError as met:
        error = met
    assert TOKEN not in shown(error)
    return error


COUNTS_HEADERS = "max_headers" in inspect.signature(aiohttp.ClientSession).parameters
"""Whether this aiohttp reads so many headers and no more; older ones have no such bound to set."""


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_is_not_drunk(flood: str) -> None:
    """Of 50 MB little is read, less is held, and a session that it may have meant counts as possibly made."""
    if flood in {"headers", "trailers"} and not COUNTS_HEADERS:
        pytest.skip("this aiohttp reads headers without number, until the time is over")
    gc.collect()
    tracemalloc.start()
    try:
        error, server = await met(FLOODS[flood], CREATE, timeout_s=0.5)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, NoAnswer)
    assert error.may_have_created
    assert server.connections == 1
    assert peak < MOST_MEMORY
    assert server.sent < MOST_SENT


@pytest.mark.parametrize("call", [CREATE, GUEST, READ], ids=["create", "guest", "read"])
@pytest.mark.parametrize("answer", DRIPS.values(), ids=DRIPS)
async def test_a_drip_is_not_waited_for(answer: Answer, call: Call[Any]) -> None:
    """What never ends is over at the time limit; a creating request is not sent again."""
    error, server = await met(answer, call, timeout_s=0.1)
    assert isinstance(error, NoAnswer)
    assert error.may_have_created is call.request.creates
    assert server.connections == 1


@pytest.mark.parametrize("status", [201, 300, 301, 302, 303, 305, 307, 308])
@pytest.mark.parametrize("call", [CREATE, READ], ids=["create", "read"])
async def test_nothing_follows_to_elsewhere(status: int, call: Call[Any]) -> None:
    """By header, by refresh or by page: the other server is not asked at all, with a credential or without."""
    async with hostile(saying(http(b'{"session_id": "x"}'))) as elsewhere:
        page = f'<html><meta http-equiv="refresh" content="0; url={elsewhere.url}/3/account"></html>'.encode()
        lines = [f"{name}: {elsewhere.url}/3/account" for name in ("Location", "Content-Location", "Alt-Svc")]
        answer = saying(
            http(page, *lines, f"Refresh: 0; url={elsewhere.url}", "Content-Type: text/html", status=status)
        )
        error, server = await met(answer, call, retries=2)
        assert isinstance(error, NoAnswer)
        assert elsewhere.connections == 0
        if call is CREATE:
            assert server.connections == 1


TEXTS: dict[str, bytes] = {
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "not a number": b'{"session_id": NaN, "success": true}',
    "infinite": b'{"session_id": -Infinity}',
    "a number without end": b'{"session_id": ' + b"9" * 100_000 + b"}",
    "no UTF-8": b'{"session_id": "\xff\xfe"}',
    "UTF-16": '{"session_id": "x"}'.encode("utf-16"),
    "half a pair": b'{"session_id": "\\ud800"}',
    "a list": b'["session_id"]',
    "a number": b'{"session_id": 5, "success": true}',
    "null": b"null",
    "nothing": b"",
    "two texts": b'{"session_id": "a"}{"session_id": "b"}',
    "a page": b"<!doctype html><title>Sign in</title>",
}


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
async def test_nonsense_is_unreadable(body: bytes) -> None:
    """What is no session is none, and is not asked for again."""
    error, server = await met(saying(http(body)), CREATE, retries=2)
    assert isinstance(error, NoAnswer)
    assert error.may_have_created
    assert server.connections == 1


async def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    """As everywhere in Python, and the value is of the right type."""
    answer, _ = await met(saying(http(b'{"session_id": 5, "session_id": "b"}')), CREATE)
    assert answer == tmdb.CreatedSession("b")


async def test_a_hostile_id_stays_in_its_place() -> None:
    """An id that is a path, a host or a line break goes where ids go, and to the same server, or nowhere."""
    for session_id in ("/3", "/3/account", "@127.0.0.1:1/", "a/../../b?c#d", "x\r\nHost: evil", "{session_id}", "3"):
        made = json.dumps({"session_id": session_id, "request_token": "a", "expires_at": _LATER}).encode()
        async with hostile(saying(http(made, "Connection: close"))) as server:
            service = TMDB.at(server.url)
            async with (
                SessionManager(BearerToken(TOKEN), service=service, retries=0) as manager,
                manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada,
            ):
                assert ada.id == session_id
                await ada.get("/3/account")
                await ada.get("/3/account/{session_id}")
            heads = [head.split(b" ")[1] for head in server.heads]
            assert all(target.startswith(b"/3/") for target in heads)
            assert all(head.count(b"Host:") == 1 for head in server.heads)


_LATER = "2099-01-02 03:04:05 UTC"


framed = st.builds(
    lambda status, lines, body, length: http(body, *lines, status=status, length=length),
    st.sampled_from([100, 101, 199, 200, 201, 204, 206, 226, 304, 400, 401, 404, 418, 500, 599, 600, 999]),
    st.lists(
        st.sampled_from(
            [
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Content-Encoding: gzip",
                "Content-Encoding: br",
                "Content-Encoding: gzip, gzip",
                "Content-Type: text/html",
                "Content-Type: multipart/mixed; boundary=x",
                "Connection: close",
                "Connection: upgrade",
                "Upgrade: websocket",
                "Set-Cookie: a b=c; Domain=127.0.0.1",
                "WWW-Authenticate: Basic realm=x",
                "Retry-After: 99999999",
                "Content-Length: 5",
            ]
        ),
        max_size=3,
    ),
    st.sampled_from(
        [b"{}", b'{"status_code":7}', b'{"session_id":"x"}', b"2\r\n{}\r\n0\r\n\r\n", b"ffffffff\r\nx", b""]
    )
    | st.binary(max_size=40),
    st.none() | st.integers(-1, 60),
)


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(data=framed, call=st.sampled_from([CREATE, READ, GUEST, tmdb.validate_key(), tmdb.delete_session(TOKEN)]))
@example(http(b"{}", "Transfer-Encoding: chunked"), CREATE)
def test_any_framing_is_a_value_or_an_error(data: bytes, call: Call[Any]) -> None:
    """Lengths that lie, codings that are none, unknown statuses: the outcome is of the right kind, in time."""
    outcome, server = asyncio.run(met(saying(data), call, timeout_s=0.3))
    assert isinstance(outcome, Refused | NoAnswer | dict | call.answer)
    if call.request.creates:
        assert server.connections == 1


LOGIN = zitadel.create_session(login_name="ada", password=TOKEN)
ASKED: list[Call[Any]] = [
    LOGIN,
    zitadel.set_session("1", totp="123456"),
    zitadel.get_session("1", TOKEN),
    zitadel.search_sessions(),
    zitadel.terminate_session("1", TOKEN),
]
words = st.sampled_from(["é", "\ud800", "x" * 999, "", "COMMAND-3M0fs", "CgA=", "CgV4eHh4eA==", TOKEN, "9" * 5000])
parts: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "code",
                    "message",
                    "details",
                    "id",
                    "slug",
                    "value",
                    "debug",
                    "failedAttempts",
                    "error",
                    "error_description",
                    "session",
                    "sessions",
                    "sessionId",
                    "sessionToken",
                    "creationDate",
                    "changeDate",
                    "sequence",
                    "factors",
                    "user",
                    "metadata",
                    "expirationDate",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(call=st.sampled_from(ASKED), status=st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503]), body=parts)
@example(LOGIN, 400, {"code": 3, "details": [{"failedAttempts": "9" * 5000}]})
@example(LOGIN, 400, {"code": 3, "details": [{"value": "é"}]})
def test_any_answer_of_zitadels_is_a_value_or_an_error(call: Call[Any], status: int, body: object) -> None:
    """Whatever stands in an instance's place and says: a value of the call's type, or an error that shows nothing."""
    response, answer = Response(status, json.dumps(body).encode(), "application/json"), None
    failure: AuthError | None = None
    try:
        answer = read_answer(
            zitadel.Zitadel("https://example.org"), call.sending(call.request.authorized(TOKEN)), response
        )
    except AuthError as error:
        failure = error
    assert failure is not None or isinstance(answer, tuple if call is ASKED[3] else call.answer)
    assert failure is None or TOKEN not in shown(failure)


@pytest.mark.parametrize("lifetime", ["1e400", "9" * 400, "-5", "true", '"x"', "null", "[]"])
async def test_any_lifetime_of_a_token_is_a_token_or_an_error(lifetime: str) -> None:
    """A token endpoint may say anything about how long its token lives."""
    body = b'{"access_token": "x", "expires_in": ' + lifetime.encode() + b"}"
    async with hostile(saying(http(body))) as server:
        credential = zitadel.ClientCredentials("client", TOKEN)
        service = zitadel.Zitadel(server.url)
        async with SessionManager(credential, service=service, retries=0, timeout_s=0.5) as manager:
            await harmless(manager.get("/v2/x"))
