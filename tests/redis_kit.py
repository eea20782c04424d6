"""How the tests of the Redis store look into the server, and at what the store says of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import redis.asyncio

from tmdb_auth_async import AuthError
from tmdb_auth_async.stores import RedisStore

from .redis_server import PASSWORD, RedisServer
from .showing import shown

LEASE_S = 1.0
SESSION = "canary-session"


@asynccontextmanager
async def raw(server: RedisServer) -> AsyncGenerator[redis.asyncio.Redis]:
    """Ask the server itself."""
    client = redis.asyncio.Redis(port=server.port, password=PASSWORD, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


async def failure_of(store: RedisStore) -> AuthError:
    """Use the store in vain; return the error, which shows no password."""
    with pytest.raises(AuthError) as caught:
        await store.save("ada", SESSION)
    assert "canary" not in shown(caught.value)
    assert caught.value.__context__ is None
    return caught.value
