"""A gateway before a fake that answers one request, of its choice, with a refusal that quotes the whole of it."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import attrs

from .listening import listening


@attrs.define
class Echo:
    """Quotes request number *at*, counted from 0, under HTTP's *status* and TMDB's *code*; passes on the others."""

    target: str
    at: int
    status: int
    code: int
    url: str = ""
    arrived: int = 0
    quoted: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            sizes = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = await reader.readexactly(int(sizes[0])) if sizes else b""
            mine = self.arrived == self.at
            self.arrived += 1
            writer.write(self._refusal(head, body) if mine else await self._passed_on(head, body))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass

    def _refusal(self, head: bytes, body: bytes) -> bytes:
        said = head.decode("latin-1") + body.decode()
        self.quoted = " ".join(body.decode().split() + said.split())
        words = f"{self.quoted} {unquote(self.quoted)} {html.escape(self.quoted)}".replace("Bearer ", "")
        answer = json.dumps(
            {"success": False, "status_code": self.code, "status_message": words, "code": 7, "message": words}
        )
        cookie = f"Set-Cookie: {words.split()[0][:50]}/=1\r\n".encode("latin-1", "replace")
        return (
            f"HTTP/1.1 {self.status} No\r\nContent-Type: application/json\r\n".encode()
            + cookie
            + f"Connection: close\r\nContent-Length: {len(answer)}\r\n\r\n{answer}".encode()
        )

    async def _passed_on(self, head: bytes, body: bytes) -> bytes:
        parts = urlsplit(self.target)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)


@asynccontextmanager
async def echoing(target: str, *, at: int, status: int, code: int) -> AsyncIterator[Echo]:
    """Serve an `Echo` before *target* on a free port of 127.0.0.1."""
    echo = Echo(target, at, status, code)
    async with listening(echo.serve) as port:
        echo.url = f"http://127.0.0.1:{port}"
        yield echo
