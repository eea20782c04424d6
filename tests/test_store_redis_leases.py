"""The Redis store's leases: whose what is, for as long as its owner lives."""

from __future__ import annotations

import asyncio
import time

import pytest

from tmdb_auth_async.stores import RedisStore

from .redis_kit import LEASE_S, raw
from .redis_server import RedisServer


async def test_a_living_owner_outlasts_its_lease(redis_server: RedisServer, prefix: str) -> None:
    """While its event loop runs, an owner keeps its rows and locks for as long as it wants."""
    store = RedisStore(redis_server.url, prefix=prefix, lease_s=LEASE_S)
    other = RedisStore(redis_server.url, prefix=prefix, lease_s=LEASE_S)
    await store.record("a.1", "text")
    async with store.hold("name"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2 * LEASE_S), other.hold("name"):
                pass
        assert await other.claim_orphans("") == ()
    await store.forget("a.1")
    await store.aclose()
    await other.aclose()


def test_an_owner_whose_loop_is_over_has_its_lease(redis_server: RedisServer, prefix: str) -> None:
    """What no event loop renews is anybody's after the lease, and not before."""
    store = RedisStore(redis_server.url, prefix=prefix, lease_s=1)
    asyncio.run(store.record("a.1", "text"))

    async def wait() -> float:
        other = RedisStore(redis_server.url, prefix=prefix)
        began = time.perf_counter()
        while not await other.claim_orphans(""):
            await asyncio.sleep(0.02)
        await other.forget("a.1")
        await other.aclose()
        return time.perf_counter() - began

    assert 0.3 < asyncio.run(wait()) < 3


def test_an_owner_lives_on_in_its_next_loop(redis_server: RedisServer, prefix: str) -> None:
    """Rows that were recorded in an event loop that is over are renewed by the next in which the store is used."""
    store = RedisStore(redis_server.url, prefix=prefix, lease_s=LEASE_S)
    asyncio.run(store.record("a.1", "text"))

    async def live_on() -> None:
        other = RedisStore(redis_server.url, prefix=prefix)
        await store.names()
        await asyncio.sleep(1.5 * LEASE_S)
        assert await other.claim_orphans("") == ()
        await store.forget("a.1")
        await store.aclose()
        await other.aclose()

    asyncio.run(live_on())


async def test_nothing_stays_of_what_is_over(redis_server: RedisServer, prefix: str) -> None:
    """When all is closed and the leases are over, the server holds nothing but a counter."""
    store = RedisStore(redis_server.url, prefix=prefix, lease_s=0.05)
    await store.save("ada", "text")
    await store.record("a.1", "text")
    async with store.hold("name"):
        await store.forget("a.1")
    await store.delete("ada")
    await store.aclose()
    await asyncio.sleep(0.1)
    other = RedisStore(redis_server.url, prefix=prefix)
    await other.claim_orphans("")
    await other.aclose()
    async with raw(redis_server) as client:
        assert [key async for key in client.scan_iter(f"{prefix}*")] == [f"{prefix}:clock"]
