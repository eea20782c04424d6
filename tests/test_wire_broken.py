"""The wire over connections that break: what is an error, and what is sent twice."""

from __future__ import annotations

import asyncio
import gc

import pytest
from aiohttp import ClientSession

from tmdb_auth_async import Request
from tmdb_auth_async.errors import Unreachable
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.wire import Wire

from .scripted import Act, Cut, Scripted, Step
from .showing import shown
from .wire_kit import CANARY, CREATE, GUEST, PUT, READ, YES, met

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
        await wire.send(Signed(CREATE))
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
        await wire.send(Signed(READ))
        if times == 1:
            with pytest.raises(Unreachable) as caught:
                await wire.send(Signed(request_))
            assert caught.value.may_have_created is request_.creates
        else:
            await wire.send(Signed(request_))
        await wire.aclose()
        assert [arrived.method for arrived in server.arrived[1:]] == [request_.method] * times


@pytest.mark.parametrize("borrowed", [False, True], ids=["owned", "borrowed"])
async def test_an_answer_that_leaves_http_keeps_nothing(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder, *, borrowed: bool
) -> None:
    """A 101 keeps its connection for what comes after HTTP: it is closed, and nothing tells of it with its URL."""
    switching = Cut(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
    asyncio.get_running_loop().set_debug(True)
    async with asyncio.timeout(10), Scripted(switching) as server, ClientSession() as client:
        wire = Wire(server.url, client if borrowed else None)
        response = await wire.send(Signed(READ))
        assert (response.status, response.body) == (101, b"")
        await wire.aclose()
        gc.collect()
    assert not [record for record in caplog.records if CANARY in record.getMessage()]
    assert not recwarn.list
