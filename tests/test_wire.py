"""The wire: what leaves, what comes back, and what never does either."""

from __future__ import annotations

import asyncio
import gzip
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tmdb_auth_async import Request, Response, tmdb
from tmdb_auth_async.errors import AuthError, NotConfigured, SessionClosed, Unreachable, Unreadable
from tmdb_auth_async.wire import Wire

from .scripted import Act, Arrived, Cut, Scripted, Step, http
from .showing import shown

CANARY = "canary-5f1e"
YES = http({"success": True})
PUT = Request("PUT", "/3/list/5", json={"x": CANARY})
READ = Request("GET", "/3/account", params={"session_id": CANARY}, authorization=f"Bearer {CANARY}")
CREATE = Request("POST", "/3/authentication/session/new", json={"request_token": CANARY}, creates=True)
GUEST = tmdb.create_guest_session().request


async def sent(request: Request, *script: Step, prefix: str = "") -> tuple[Response, Arrived]:
    """Send *request* to a server of that script; return what came back, and what arrived first."""
    async with asyncio.timeout(10), Scripted(*script) as server:
        wire = Wire(server.url + prefix)
        try:
            return await wire.send(request), server.arrived[0]
        finally:
            await wire.aclose()


async def met(request: Request, *script: Step) -> tuple[AuthError, int]:
    """Send *request*; return the error that is met, and how many requests arrived."""
    async with asyncio.timeout(10), Scripted(*script) as server:
        wire = Wire(server.url)
        try:
            with pytest.raises(AuthError) as caught:
                await wire.send(request)
        finally:
            await wire.aclose()
        return caught.value, len(server.arrived)


async def test_a_request_leaves_as_it_was_meant() -> None:
    """Method, path, query, body and headers arrive; what came back is told as it was."""
    request = Request(
        "POST",
        "/3/movie/{movie_id}/rating",
        fills={"movie_id": "a/b?c#d é"},
        params={"a": "x y&z", "n": 5, "yes": True, "no": False, "left_out": None},
        json={"value": 8.5, "name": "é"},
        authorization="Bearer t",
    )
    answer = http(b"[1]", status=201, content_type="text/x", headers={"Retry-After": "7"})
    response, arrived = await sent(request, answer)
    assert arrived.method == "POST"
    assert arrived.target == "/3/movie/a%2Fb%3Fc%23d%20%C3%A9/rating?a=x+y%26z&n=5&yes=true&no=false"
    assert arrived.json() == {"value": 8.5, "name": "é"}
    assert (arrived.headers["content-type"], arrived.headers["authorization"]) == ("application/json", "Bearer t")
    assert (response.status, response.body, response.content_type, response.retry_after) == (201, b"[1]", "text/x", "7")


async def test_a_form_leaves_as_a_form() -> None:
    """A request with a form is what a browser would post."""
    _, arrived = await sent(Request("POST", "/oauth", form={"a": "x y", "b": "é&"}))
    assert (arrived.body, arrived.headers["content-type"]) == (
        b"a=x+y&b=%C3%A9%26",
        "application/x-www-form-urlencoded",
    )


async def test_a_bare_request_carries_nothing_of_its_own() -> None:
    """No body, no content type, no credential, no cookie."""
    _, arrived = await sent(Request("GET", "/3/x", authorization=""))
    assert arrived.body == b""
    assert not {"authorization", "cookie", "content-type"} & set(arrived.headers)


@pytest.mark.parametrize("prefix", ["/tmdb", "/a/b/", "/%7Eproxy"])
async def test_a_prefix_of_the_url_stays_in_front(prefix: str) -> None:
    """A proxy at a path of its own gets every request below that path."""
    _, arrived = await sent(READ, prefix=prefix)
    assert arrived.path == f"{prefix.rstrip('/')}/3/account"


async def test_cookies_are_neither_kept_nor_sent() -> None:
    """What a CDN sets is not carried into the next request."""
    async with Scripted(http({}, headers={"Set-Cookie": "a=b; Path=/"})) as server:
        wire = Wire(server.url)
        await wire.send(READ)
        await wire.send(READ)
        await wire.aclose()
    assert "cookie" not in server.arrived[1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """Wherever it points, nothing is sent there, and the credential stays."""
    async with Scripted() as elsewhere:
        response, _ = await sent(READ, http({}, status=status, headers={"Location": f"{elsewhere.url}/3/account"}))
        assert elsewhere.connections == 0
    assert response.status == status


@pytest.mark.parametrize("length", [0, 1, 65_536, 200_000])
async def test_an_answer_of_just_the_size_is_read(length: int) -> None:
    """The bound is the last size that is read, with and without a length in the head."""
    request = Request("GET", "/3/x", max_bytes=length)
    whole = b"x" * length
    response, _ = await sent(request, http(whole))
    assert response.body == whole
    chunked = _chunked(whole)
    response, _ = await sent(request, chunked)
    assert response.body == whole


def _chunked(body: bytes, *, encoding: str = "") -> bytes:
    head = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n" if body else b""
    return f"HTTP/1.1 200 OK\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        http(b"x" * 1001),
        _chunked(b"x" * 1001),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
        http(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
        http(zlib.compress(b"0" * 50_000_000), headers={"Content-Encoding": "deflate"}),
        _chunked(gzip.compress(b"0" * 50_000_000), encoding="gzip"),
    ],
    ids=["length", "chunked", "boast", "gzip bomb", "deflate bomb", "chunked bomb"],
)
async def test_too_large_an_answer_is_not_read(answer: bytes) -> None:
    """One byte too many, a bomb or a boast: `Unreadable`, and a creating request may have created."""
    error, _ = await met(Request("GET", "/3/x", max_bytes=1000), answer)
    assert type(error) is Unreadable
    assert "1000 bytes" in str(error)
    assert not error.may_have_created
    error, _ = await met(Request("POST", "/3/x", max_bytes=1000, creates=True), answer)
    assert isinstance(error, Unreadable)
    assert error.may_have_created


async def test_after_too_large_an_answer_the_connection_is_not_used_again() -> None:
    """The rest of the answer is not taken for the next one."""
    async with Scripted(http(b"x" * 10_000_000), YES) as server:
        wire = Wire(server.url)
        with pytest.raises(Unreadable):
            await wire.send(Request("GET", "/3/x", max_bytes=10))
        response = await wire.send(READ)
        await wire.aclose()
    assert response.body == b'{"success": true}'
    assert server.connections == 2


def _bare_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize("length", [0, 7, 300_000])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("deflate", _bare_deflate)],
    ids=["gzip", "upper case", "deflate", "bare deflate"],
)
async def test_a_compressed_answer_is_read(coding: str, pack: Callable[[bytes], bytes], length: int) -> None:
    """What comes compressed is told as it was before, and no coding is asked for that could not be read."""
    body = random.Random(length).randbytes(length)
    response, arrived = await sent(READ, http(pack(body), headers={"Content-Encoding": coding}))
    assert response.body == body
    assert arrived.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_an_answer_that_cannot_be_unpacked_is_unreadable(coding: str) -> None:
    """What says that it is packed, and is not, is no answer."""
    error, _ = await met(CREATE, http(b"not packed at all", headers={"Content-Encoding": coding}))
    assert type(error) is Unreadable
    assert error.may_have_created
    assert CANARY not in shown(error)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted the way Linux counts it")
def test_a_bomb_takes_no_memory_to_speak_of() -> None:
    """Half a gigabyte of zeros in half a megabyte is given up after the first one: in a process of its own, 30 MB."""
    command = [sys.executable, "-m", "tests.bombed"]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=60)
    before_kib, after_kib, error = done.stdout.split()
    assert error == "Unreadable"
    assert int(after_kib) - int(before_kib) < 30_000


BROKEN: dict[str, Step] = {
    "drop": Act.DROP,
    "reset": Act.RESET,
    "no http": Cut(b"\x00\xff garbage \r\n\r\n"),
    "bad status": Cut(b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
    "bad header": Cut(b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n"),
    "long header": Cut(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
    "half a head": Cut(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half a body": Cut(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"session'),
    "bad length": Cut(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
    "two lengths": Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
    "bad chunk": Cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "echo": Cut(f"HTTP/1.1 200 {CANARY}\r\n{CANARY}\x00: {CANARY}\r\n\r\n".encode()),
}


@pytest.mark.parametrize("step", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("request_", [READ, CREATE, GUEST, PUT], ids=["read", "create", "guest", "put"])
async def test_a_broken_connection_is_unreachable(request_: Request, step: Step) -> None:
    """Whatever breaks on the way back is `Unreachable`, was sent, and shows no secret."""
    error, _ = await met(request_, step)
    assert type(error) is Unreachable
    assert error.sent
    assert error.may_have_created is request_.creates
    assert CANARY not in shown(error)
    assert (error.__cause__, error.__context__) == (None, None)


async def test_what_was_never_sent_created_nothing() -> None:
    """A refused connection is `Unreachable`, and nothing can be left behind."""
    async with Scripted() as server:
        url = server.url
    wire = Wire(url)
    with pytest.raises(Unreachable) as caught:
        await wire.send(CREATE)
    await wire.aclose()
    assert not caught.value.sent
    assert not caught.value.may_have_created
    assert CANARY not in shown(caught.value)


@pytest.mark.parametrize(
    ("request_", "times"),
    [
        (GUEST, 1),
        (PUT, 1),
        (Request("POST", "/3/x"), 1),
        (CREATE, 1),
        (Request("DELETE", "/3/x", repeatable=False), 1),
        (Request("DELETE", "/3/x"), 1),
        (READ, 2),
    ],
    ids=["guest", "put", "post", "create", "own delete", "delete", "read"],
)
@pytest.mark.parametrize("act", [Act.DROP, Act.RESET])
async def test_aiohttp_repeats_nothing_that_must_be_sent_once(request_: Request, times: int, act: Act) -> None:
    """On a kept connection that is dropped only a read is sent twice.

    A delete is repeated by whoever asks, who then knows that *not found* means done.
    """
    async with Scripted(YES, act, YES) as server:
        wire = Wire(server.url)
        await wire.send(READ)
        if times == 1:
            with pytest.raises(Unreachable) as caught:
                await wire.send(request_)
            assert caught.value.may_have_created is request_.creates
        else:
            await wire.send(request_)
        await wire.aclose()
        assert [arrived.method for arrived in server.arrived[1:]] == [request_.method] * times


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/3/x", authorization=f"Bearer {CANARY}\r\nX-Evil: 1"),
        Request("GET\r\nX-Evil: 1", "/3/x"),
        Request("GE T", "/3/x"),
        Request("GET", "/3/x", params={"q": f"{CANARY}\ud800"}),
        Request("GET", "/3/{a}", fills={"a": f"{CANARY}\ud800"}),
        Request("GET", f"/3/{chr(0xD800)}"),
        Request("POST", "/3/x", form={"q": f"{CANARY}\ud800"}),
        Request("POST", "/3/x", json={"q": [CANARY, float("nan")]}),
    ],
    ids=["line break", "method", "space", "query", "fill", "path", "form", "nan"],
)
async def test_what_cannot_be_sent_is_not(request_: Request) -> None:
    """What aiohttp, or HTTP itself, has no way to carry is `NotConfigured`, with nothing sent and nothing shown."""
    async with Scripted() as server:
        wire = Wire(server.url)
        with pytest.raises(NotConfigured) as caught:
            await wire.send(request_)
        await wire.aclose()
        assert not server.arrived
    assert CANARY not in shown(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("url", ["http://example.com", "example.com", "https://u:p@example.com", "ftp://127.0.0.1"])
def test_a_wire_goes_nowhere_unsafe(url: str) -> None:
    """Whatever service hands the URL, plain http to another host and the like are refused."""
    with pytest.raises(NotConfigured):
        Wire(url)


async def test_a_closed_wire_sends_nothing() -> None:
    """After its end, which may be said twice, the wire is closed in words."""
    async with Scripted() as server:
        wire = Wire(server.url)
        await wire.send(READ)
        await wire.aclose()
        await wire.aclose()
        with pytest.raises(SessionClosed):
            await wire.send(READ)
        assert len(server.arrived) == 1


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_every_error_of_the_wire_is_ours(status: int) -> None:
    """An answer without a body, under any status, is an answer to the wire."""
    response, _ = await sent(READ, http(b"", status=status))
    assert (response.status, response.body) == (status, b"")
