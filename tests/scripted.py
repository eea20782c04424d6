"""A raw HTTP server that answers from a script, for what no well-behaved server does."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from enum import Enum
from types import TracebackType
from typing import Self

import attrs

from .listening import listening

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Act(Enum):
    """What a server may do instead of answering."""

    DROP = "close the connection without a word"
    RESET = "break the connection off"
    HANG = "say nothing"


@attrs.frozen
class Cut:
    """Send this much, then close the connection."""

    start: bytes


Step = bytes | Cut | Act
"""What to do with one request: bytes are sent as they are."""


@attrs.frozen
class Arrived:
    """One request, as it came over the connection."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def json(self) -> object:
        """Decode the body."""
        return json.loads(self.body)


def http(
    body: object = b"",
    *,
    status: int = 200,
    content_type: str | None = "application/json;charset=utf-8",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Write a whole answer; what is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {} if content_type is None else {"Content-Type": content_type}
    fields |= {"Content-Length": str(len(content)), **(headers or {})}
    head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + content


class Scripted:
    """Serves one step of its script a request, the last one again and again."""

    def __init__(self, *script: Step) -> None:
        """Answer with *script*; a plain yes without one."""
        self._script = list(script) or [http({"success": True})]
        self._listening = listening(self._serve)
        self.arrived: list[Arrived] = []
        self.connections = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        self.url = f"http://127.0.0.1:{await self._listening.__aenter__()}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Break every connection off."""
        await self._listening.__aexit__(kind, error, traceback)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        try:
            while await self._answered(reader, writer, connection):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.arrived.append(Arrived(method, target, headers, body, connection))
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(step, bytes | Cut):
            writer.write(step if isinstance(step, bytes) else step.start)
            await writer.drain()
            if isinstance(step, Cut):
                writer.close()
                await writer.wait_closed()
            return isinstance(step, bytes)
        if step is Act.HANG:
            await reader.read()  # until the client leaves
        elif step is Act.RESET:
            sock: socket.socket = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        return False
