"""Whatever comes back, in whatever shape, is a value of the right type or an error of the tree."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Any

import attrs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tmdb_auth_async import JSON, TMDB, AuthError, Call, Request, Response, tmdb
from tmdb_auth_async.errors import NoAnswer, RateLimited, Refused, ServiceDown
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.unpacking import Garbled, unpacker
from tmdb_auth_async.values import JSON_ANSWER
from tmdb_auth_async.wire import Wire

from .scripted import Cut, Scripted
from .showing import shown

CANARY = "canary-5f1e-7a2b"
ASKED: list[Call[Any]] = [
    tmdb.validate_key(),
    tmdb.create_guest_session(),
    tmdb.create_request_token(),
    tmdb.validate_with_login(CANARY, CANARY, CANARY),
    tmdb.create_session(CANARY),
    tmdb.create_session_from_v4(CANARY),
    tmdb.create_v4_request_token(),
    tmdb.create_v4_access_token(CANARY),
    tmdb.delete_session(CANARY),
    tmdb.delete_v4_access_token(CANARY),
    Call(Request("GET", "/3/x", params={"q": CANARY}), JSON_ANSWER),
]
CALLS = [call.sending(call.request.authorized(f"Bearer {CANARY}")) for call in ASKED]
NAMES = ["success", "failure", "status_code", "status_message", "expires_at", "request_token", "session_id"]
NAMES += ["guest_session_id", "access_token", "account_id", "errors", "", CANARY]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([CANARY, "2030-01-02 03:04:05 UTC", "2030-99-99 99:99:99 UTC", "\ud800", "\x00", *range(48)])
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(NAMES), scalars | values, max_size=8)
bodies = st.binary(max_size=200) | (values | objects).map(
    lambda body: json.dumps(body).encode("utf-8", "surrogatepass")
)
types = st.sampled_from(
    ["application/json", "application/json;charset=utf-8", "text/html", "TEXT/HTML", "", "\x00"]
) | st.text(max_size=9)
waits = (
    st.none()
    | st.text(max_size=40)
    | st.integers().map(str)
    | st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
)

fixed = settings(derandomize=True, database=None, deadline=None)


def is_sound(error: AuthError, call: Call[Any], status: int) -> None:
    """Check all that an error promises."""
    assert isinstance(error, Refused | NoAnswer)
    assert (error.__cause__, error.__context__) == (None, None)
    if isinstance(error, Refused | ServiceDown):
        assert error.status == status
        assert error.code is None or type(error.code) is int
    if isinstance(error, RateLimited | ServiceDown):
        assert error.retry_after_s is None or 0 <= error.retry_after_s < float("inf")
    if isinstance(error, NoAnswer) and not call.request.creates:
        assert not error.may_have_created
    text = shown(error)
    assert CANARY not in text
    assert len(str(error)) < 600
    assert str(error).isprintable()


def is_lost(error: AuthError) -> None:
    """Check all that an answer's loss promises to whoever wanted to create."""
    assert isinstance(error, NoAnswer)
    assert error.may_have_created
    assert (error.__cause__, error.__context__) == (None, None)
    assert CANARY not in shown(error)


@settings(fixed, max_examples=800)
@given(call=st.sampled_from(CALLS), status=st.integers(100, 999), body=bodies, content_type=types, retry_after=waits)
@example(CALLS[4], 200, b"[" * 100_000, "application/json", None)
@example(CALLS[4], 200, b'{"a":' * 100_000, "application/json", None)
@example(CALLS[4], 200, b"9" * 100_000, "application/json", None)
@example(CALLS[4], 200, b"1e999999", "application/json", None)
@example(CALLS[4], 429, b"", "text/html", "Wed, 21 Oct 99999999999999999999 07:28:00 GMT")
def test_any_answer_is_a_value_or_an_error(
    call: Call[Any], status: int, body: bytes, content_type: str, retry_after: str | None
) -> None:
    """Any bytes under any status and content type: the call's own type with its fields of theirs, or an error."""
    try:
        answer = read_answer(TMDB, call, Response(status, body, content_type, retry_after))
    except AuthError as error:
        is_sound(error, call, status)
        return
    if call.answer is JSON_ANSWER:
        assert json.loads(body) == answer
        return
    assert type(answer) is call.answer
    for field in attrs.fields(attrs.resolve_types(type(answer))):
        one = getattr(answer, field.name)
        assert type(one) is field.type
        if isinstance(one, str):
            assert one.encode().decode() == one
    at = getattr(answer, "expires_at", None)
    assert at is None or at.utcoffset().total_seconds() == 0


@settings(fixed, max_examples=300)
@given(
    code=st.integers(-5, 60),
    status=st.sampled_from([200, 201, 301, 400, 401, 404, 429, 500, 503]),
    words=st.text(max_size=400),
)
def test_any_words_are_quoted_on_one_line_without_secrets(code: int, status: int, words: str) -> None:
    """Whatever a service says around a secret of the request, the secret is not said again."""
    body: dict[str, JSON] = {"status_code": code, "status_message": f"{words}{CANARY}{words}{CANARY.upper()}"}
    content = json.dumps(body).encode()
    call = tmdb.delete_session(CANARY)
    try:
        read_answer(TMDB, call, Response(status, content, "application/json"))
    except AuthError as error:
        is_sound(error, call, status)


@settings(fixed, max_examples=300)
@given(
    body=st.binary(max_size=300),
    most=st.integers(0, 400),
    cut=st.integers(1, 50),
    coding=st.sampled_from(["gzip", "deflate"]),
)
def test_any_bytes_are_unpacked_or_garbled(body: bytes, most: int, cut: int, coding: str) -> None:
    """Bytes that are packed come back whole, those that are not are `Garbled`, and never more than was allowed."""
    packing = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    packed = packing.compress(body) + packing.flush()
    for source, is_packed in ((packed, True), (body, False)):
        unpacking = unpacker(coding)
        assert unpacking is not None
        found = b""
        try:
            for start in range(0, len(source), cut):
                part = unpacking.unpack(source[start : start + cut], most - len(found) + 1)
                found += part
                if len(found) > most:
                    break
        except Garbled:
            assert not is_packed
            continue
        assert len(found) <= most + 1
        if is_packed:
            assert found == body[: most + 1]


raw = st.binary(max_size=120) | st.builds(
    lambda status, head, body: b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join(head) + b"\r\n\r\n" + body,
    st.sampled_from(
        [b"200 OK", b"429 Slow", b"500 x", b"100 Continue", b"101 Up", b"204 No", b"304 Not", b"abc", b"20", b"302 Go"]
    ),
    st.lists(
        st.sampled_from(
            [
                b"Content-Length: 2",
                b"Content-Length: -1",
                b"Content-Length: 999",
                b"Transfer-Encoding: chunked",
                b"Content-Encoding: gzip",
                b"Content-Encoding: br",
                b"Content-Type: application/json",
                b"Content-Type: \xff",
                b"Retry-After: \xff",
                b"Location: http://127.0.0.1:1/",
                b"Set-Cookie: \xff=\x01; Path=/",
                b"Connection: close",
                b"X: " + b"y" * 9000,
                b"no colon",
            ]
        ),
        max_size=4,
    ),
    st.sampled_from([b"{}", b"", b"2\r\n{}\r\n0\r\n\r\n", b"\x1f\x8b\x08", b"zz\r\n", b"x" * 999])
    | st.binary(max_size=30),
)


@settings(fixed, max_examples=200)
@given(data=raw)
def test_any_bytes_on_the_wire_are_a_response_or_an_error(data: bytes) -> None:
    """A server that sends anything at all and hangs up meets an error of the tree, and nothing is shown."""

    async def ask() -> None:
        request = tmdb.create_session(CANARY).request.authorized(f"Bearer {CANARY}")
        async with asyncio.timeout(5), Scripted(Cut(data)) as server:
            wire = Wire(server.url)
            try:
                assert type((await wire.send(Signed(request))).body) is bytes
            except AuthError as error:
                is_lost(error)
            finally:
                await wire.aclose()

    asyncio.run(ask())
