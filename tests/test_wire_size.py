"""The wire reads so much and no more, packed or not."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tmdb_auth_async import Request
from tmdb_auth_async.errors import Unreadable
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.wire import Wire

from .scripted import Scripted, http
from .showing import shown
from .wire_kit import CANARY, CREATE, READ, YES, met, sent


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
            await wire.send(Signed(Request("GET", "/3/x", max_bytes=10)))
        response = await wire.send(Signed(READ))
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
