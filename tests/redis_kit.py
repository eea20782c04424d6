"""How the tests of the Redis store look into the server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import redis.asyncio

from .redis_server import PASSWORD, RedisServer

LEASE_S = 1.0


@asynccontextmanager
async def raw(server: RedisServer) -> AsyncGenerator[redis.asyncio.Redis]:
    """Ask the server itself."""
    client = redis.asyncio.Redis(port=server.port, password=PASSWORD, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()
