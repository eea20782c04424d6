"""How the tests of the Redis store look into the server, or stand in for one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import redis.asyncio

from .listening import listening
from .redis_server import PASSWORD, RedisServer

LEASE_S = 1.0

_COMMAND = re.compile(rb"\*\d+\r\n\$\d+\r\n([A-Z]+)")
_GREETINGS = {b"AUTH", b"CLIENT", b"SELECT"}


@asynccontextmanager
async def raw(server: RedisServer) -> AsyncGenerator[redis.asyncio.Redis]:
    """Ask the server itself."""
    client = redis.asyncio.Redis(port=server.port, password=PASSWORD, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def saying(reply: bytes) -> AsyncGenerator[str]:
    """Be a server that greets as Redis does and then answers *reply* to everything; give its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while asked := await reader.read(1 << 16):
                for name in _COMMAND.findall(asked):
                    writer.write(b"+OK\r\n" if name in _GREETINGS else reply)
                await writer.drain()

    async with listening(serve) as port:
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}"
