"""A server that answers with anything: too much, too slowly, nonsense, and the way to somewhere else."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

import attrs

from .listening import listening

FLOOD_BYTES = 50 * 1024 * 1024
_PIECE = b"[" + b'"x",' * 16_000
_GZIP_OF_NOTHING = gzip.compress(b"{}")


@attrs.define
class Hostile:
    """Answers each request by *answer*, and knows what arrived and how much it could send."""

    answer: Callable[[Hostile, asyncio.StreamWriter], Awaitable[None]]
    url: str = ""
    heads: list[bytes] = attrs.Factory(list[bytes])
    connections: int = 0
    sent: int = 0

    def count(self, method: str) -> int:
        """Count the requests of *method* that arrived."""
        return sum(head.startswith(method.encode()) for head in self.heads)

    async def send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send *data* and count it."""
        writer.write(data)
        await writer.drain()
        self.sent += len(data)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up; a client that leaves earlier is right to."""
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError), contextlib.closing(writer.transport):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    await reader.readexactly(int(line.split(b":")[1]))
            await self.answer(self, writer)


Answer = Callable[[Hostile, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def hostile(answer: Answer) -> AsyncIterator[Hostile]:
    """Serve *answer* on a free port of 127.0.0.1."""
    server = Hostile(answer)
    async with listening(server.serve) as port:
        server.url = f"http://127.0.0.1:{port}"
        yield server


def saying(*parts: bytes, every_s: float = 0.0) -> Answer:
    """Send *parts* one after the other, that many seconds apart."""

    async def answer(server: Hostile, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            await server.send(writer, part)
            await asyncio.sleep(every_s)

    return answer


def flooding(head: bytes, pieces: Iterable[bytes], *, chunked: bool = False) -> Answer:
    """Send *head*, then *pieces* over and over until 50 MB have left."""
    again = tuple(pieces)

    async def answer(server: Hostile, writer: asyncio.StreamWriter) -> None:
        await server.send(writer, head)
        while server.sent < FLOOD_BYTES:
            for piece in again:
                await server.send(writer, b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)

    return answer


def dripping(head: bytes, piece: bytes) -> Answer:
    """Send *head*, then *piece* every few milliseconds and never end."""

    async def answer(server: Hostile, writer: asyncio.StreamWriter) -> None:
        await server.send(writer, head)
        while True:
            await server.send(writer, piece)
            await asyncio.sleep(0.005)

    return answer


def http(body: bytes, *lines: str, status: int = 200, length: int | None = None) -> bytes:
    """Write an answer of JSON whose length may be a lie."""
    fields = ["Content-Type: application/json", f"Content-Length: {len(body) if length is None else length}", *lines]
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *fields, "", ""]).encode() + body


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n"


def _bomb(wbits: int) -> bytes:
    packing = zlib.compressobj(9, wbits=wbits)
    return b"".join([packing.compress(bytes(2**20)) for _ in range(50)]) + packing.flush()


FLOODS: dict[str, Answer] = {
    "a length of 50 MB": flooding(_OK + b"Content-Length: %d\r\n\r\n" % FLOOD_BYTES, [_PIECE]),
    "no length": flooding(_OK + b"Connection: close\r\n\r\n", [_PIECE]),
    "chunks": flooding(_CHUNKED + b"\r\n", [_PIECE], chunked=True),
    "tiny chunks": flooding(_CHUNKED + b"\r\n", [b"1\r\n \r\n" * 10_000]),
    "a gzip bomb": saying(http(_bomb(31), "Content-Encoding: gzip")),
    "a deflate bomb": saying(http(_bomb(15), "Content-Encoding: deflate")),
    "what comes after a gzip's end": flooding(
        _CHUNKED + b"Content-Encoding: gzip\r\n\r\n%x\r\n%b\r\n" % (len(_GZIP_OF_NOTHING), _GZIP_OF_NOTHING),
        [_PIECE],
        chunked=True,
    ),
    "a gzip of nothing, for ever": flooding(
        _CHUNKED + b"Content-Encoding: gzip\r\n\r\na\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\r\n",
        [b"\0\0\0\xff\xff" * 10_000],
        chunked=True,
    ),
    "headers": flooding(b"HTTP/1.1 200 OK\r\n", [b"X-%d: %b\r\n" % (number, b"y" * 4000) for number in range(16)]),
    "one header": flooding(b"HTTP/1.1 200 OK\r\nX: ", [b"y" * 65_536]),
    "trailers": flooding(
        _CHUNKED + b"\r\n2\r\n{}\r\n0\r\n", [b"X-%d: %b\r\n" % (one, b"y" * 4000) for one in range(16)]
    ),
    "interim answers": flooding(b"", [b"HTTP/1.1 100 Continue\r\n\r\n" * 1000]),
}
"""Answers without a measure."""

DRIPS: dict[str, Answer] = {
    "a body": dripping(_OK + b"Content-Length: 999999\r\n\r\n", b"["),
    "chunks": dripping(_CHUNKED + b"\r\n", b"1\r\n[\r\n"),
    "a head": dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "nothing": dripping(b"", b""),
    "a gzip of nothing": dripping(
        _CHUNKED + b"Content-Encoding: gzip\r\n\r\na\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\r\n", b"5\r\n\0\0\0\xff\xff\r\n"
    ),
}
"""Answers without an end."""
