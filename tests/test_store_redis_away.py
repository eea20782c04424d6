"""The Redis store on a server that comes and goes, or whose answers are lost."""

from __future__ import annotations

import asyncio
import time

import pytest

from tmdb_auth_async import AuthError, TimedOut, Unreachable
from tmdb_auth_async.stores import RedisStore, redis_link

from .listening import listening
from .redis_kit import LEASE_S, raw
from .redis_server import PASSWORD, RedisServer
from .store_failing import failure_of
from .tcp_proxy import Proxy


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_a_server_that_is_away_cannot_be_reached(own_redis: RedisServer) -> None:
    """Each use of a server that is down fails at once, and works as soon as the server is back."""
    own_redis.stop()
    store = RedisStore(own_redis.url)
    began = time.perf_counter()
    assert isinstance(await failure_of(store), Unreachable)
    with pytest.raises(Unreachable):
        async with store.hold("name"):
            pass
    with pytest.raises(Unreachable):
        await store.claim_orphans("")
    assert time.perf_counter() - began < 2
    own_redis.start()
    await store.save("ada", "text")
    assert await store.load("ada") == "text"
    await store.aclose()


async def test_a_server_that_says_nothing_times_out(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes connections and answers nothing is given up soon."""
    monkeypatch.setattr(redis_link, "TIMEOUT_S", 0.1)
    async with listening(_say_nothing) as port:
        store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{port}", prefix=prefix)
        began = time.perf_counter()
        assert isinstance(await failure_of(store), TimedOut)
        assert time.perf_counter() - began < 2
        await store.aclose()


async def test_a_restart_between_two_uses_is_not_noticed(own_redis: RedisServer) -> None:
    """Connections that a restart has cut are opened anew, and scripts that it has forgotten are sent again."""
    store = RedisStore(own_redis.url)
    await store.record("a.1", "text")
    own_redis.stop()
    own_redis.start()
    await store.record("a.2", "text")
    await store.forget("a.1", "a.2")
    await store.aclose()


async def test_what_a_restart_forgot_is_restored(own_redis: RedisServer) -> None:
    """Rows and locks that a server has lost are there again after the next renewal, and stay their owner's."""
    store, other = RedisStore(own_redis.url, lease_s=LEASE_S), RedisStore(own_redis.url, lease_s=LEASE_S)
    await store.record("a.1", "text 1")
    await store.record("a.2", "text 2")
    await store.forget("a.2")
    async with store.hold("name"):
        own_redis.stop()
        own_redis.start()
        async with asyncio.timeout(5), raw(own_redis) as client:
            while not (await client.exists("tmdb_auth:journal") and await client.exists("tmdb_auth:lock:name")):
                await asyncio.sleep(0.01)
        assert await other.claim_orphans("") == ()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), other.hold("name"):
                pass
    await store.abandon("a.1")
    assert await other.claim_orphans("") == (("a.1", "text 1"),)
    await store.aclose()
    await other.aclose()


async def test_a_restart_under_load_gives_clear_errors(own_redis: RedisServer) -> None:
    """While the server is away uses fail with an error of ours; afterwards all works, and nothing is left over."""
    store = RedisStore(own_redis.url, lease_s=LEASE_S)
    stopping = asyncio.Event()
    failures: list[BaseException] = []

    async def use(number: int) -> None:
        while not stopping.is_set():
            try:
                await store.record(f"a.{number}", "text")
                async with store.hold(f"name {number % 3}"):
                    await store.save(f"name {number}", "text", f"a.{number}")
            except AuthError as error:
                failures.append(error)
                await asyncio.sleep(0.005)

    users = [asyncio.create_task(use(number)) for number in range(20)]
    await asyncio.sleep(0.05)
    own_redis.stop()
    await asyncio.sleep(0.1)
    own_redis.start()
    await asyncio.sleep(0.1)
    stopping.set()
    await asyncio.gather(*users)
    assert failures
    assert all(isinstance(failure, Unreachable | TimedOut) for failure in failures)
    async with asyncio.timeout(5), store.hold("name 0"), store.hold("name 1"), store.hold("name 2"):
        await store.record("a.last", "text")
    assert await store.claim_orphans("") == ()
    await store.forget("a.last")
    async with raw(own_redis) as client:
        assert await client.hgetall("tmdb_auth:journal") == {}
    await store.aclose()


async def test_a_lost_answer_leaves_no_row(redis_server: RedisServer, prefix: str) -> None:
    """A row whose writing nobody could confirm is taken out again by the next write, and never claimed meanwhile."""
    async with Proxy().serve(redis_server.port) as proxy, raw(redis_server) as client:
        store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{proxy.port}", prefix=prefix)
        await store.record("a.1", "text")
        proxy.lose_answers = True
        with pytest.raises(Unreachable):
            await store.record("a.2", "text")
        proxy.lose_answers = False
        assert proxy.lost
        assert sorted(await client.hkeys(f"{prefix}:journal")) == ["a.1", "a.2"]
        assert await store.claim_orphans("") == ()
        await store.record("a.3", "text")
        assert sorted(await client.hkeys(f"{prefix}:journal")) == ["a.1", "a.3"]
        await store.forget("a.1", "a.3")
        await store.aclose()


async def test_a_lost_answer_loses_no_lock(redis_server: RedisServer, prefix: str) -> None:
    """A lock that was taken without the taker's hearing of it is its own at the next try."""
    async with Proxy().serve(redis_server.port) as proxy, raw(redis_server) as client:
        store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{proxy.port}", prefix=prefix)
        async with store.hold("warm"):
            proxy.lose_answers = True
            with pytest.raises(Unreachable):
                async with store.hold("name"):
                    pass
            proxy.lose_answers = False
            assert await client.exists(f"{prefix}:lock:name")
        async with asyncio.timeout(1), store.hold("name"):
            pass
        await store.aclose()


async def test_a_lost_answer_loses_no_claim(redis_server: RedisServer, prefix: str) -> None:
    """Rows that were claimed without the claimer's hearing of it are its own at the next try."""
    other = RedisStore(redis_server.url, prefix=prefix)
    await other.record("a.1", "text")
    await other.abandon("a.1")
    async with Proxy().serve(redis_server.port) as proxy:
        store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{proxy.port}", prefix=prefix)
        await store.names()
        proxy.lose_answers = True
        with pytest.raises(Unreachable):
            await store.claim_orphans("")
        proxy.lose_answers = False
        assert await other.claim_orphans("") == ()
        assert await store.claim_orphans("") == (("a.1", "text"),)
        await store.forget("a.1")
        await store.aclose()
    await other.aclose()
