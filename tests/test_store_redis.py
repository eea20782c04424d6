"""The Redis store: credentials, TLS, leases, and a server that comes and goes."""

from __future__ import annotations

import asyncio
import ssl
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis.asyncio
import trustme

from tmdb_auth_async import AuthError, NotConfigured, ServiceDown, TimedOut, Unreachable
from tmdb_auth_async.stores import RedisStore, redis_link

from .redis_server import PASSWORD, RedisServer
from .showing import shown
from .tcp_proxy import Proxy

LEASE_S = 1.0
SESSION = "canary-session"


@pytest.fixture
def prefix() -> str:
    """Name keys that no other test uses."""
    return f"test-{uuid.uuid4().hex}"


@asynccontextmanager
async def raw(server: RedisServer) -> AsyncGenerator[redis.asyncio.Redis]:
    """Ask the server itself."""
    client = redis.asyncio.Redis(port=server.port, password=PASSWORD, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def failure_of(store: RedisStore) -> AuthError:
    """Use the store in vain; return the error, which shows no password."""
    with pytest.raises(AuthError) as caught:
        await store.save("ada", SESSION)
    assert "canary" not in shown(caught.value)
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize("url", ["http://h", "localhost:6379", "", "redis://[", "file:///etc/passwd"])
def test_what_is_no_url_of_redis_is_refused_at_once(url: str) -> None:
    """A URL of another kind is refused before anything is sent."""
    with pytest.raises(NotConfigured, match="redis://"):
        RedisStore(url)


async def test_a_url_that_cannot_be_read_is_not_shown() -> None:
    """A port that is no number is refused without the URL, which holds the password."""
    store = RedisStore(f"redis://:{PASSWORD}@host:port/0")
    assert isinstance(await failure_of(store), NotConfigured)
    assert "canary" not in repr(store)


@pytest.mark.parametrize("user", ["", ":canary-wrong@", "canary-nobody:canary-wrong@"])
async def test_a_wrong_password_is_said(redis_server: RedisServer, user: str, prefix: str) -> None:
    """Redis without the right user and password is `NotConfigured`, which shows neither."""
    store = RedisStore(f"redis://{user}127.0.0.1:{redis_server.port}", prefix=prefix)
    failure = await failure_of(store)
    assert isinstance(failure, NotConfigured)
    assert "user or password" in str(failure)
    await store.aclose()


async def test_a_user_without_permission_is_said(redis_server: RedisServer, prefix: str) -> None:
    """A user who may not do what is needed is told what that is."""
    async with raw(redis_server) as client:
        await client.acl_setuser("reader", enabled=True, passwords="+canary-reader", commands=["+get"], keys=["*"])
    store = RedisStore(f"redis://reader:canary-reader@127.0.0.1:{redis_server.port}", prefix=prefix)
    failure = await failure_of(store)
    assert isinstance(failure, NotConfigured)
    assert "EVALSHA" in str(failure)
    await store.aclose()


async def test_what_redis_cannot_do_is_said_by_its_code(redis_server: RedisServer, prefix: str) -> None:
    """An error of Redis itself is told by its first word alone."""
    async with raw(redis_server) as client:
        await client.set(f"{prefix}:kept", "not a hash")
    store = RedisStore(redis_server.url, prefix=prefix)
    failure = await failure_of(store)
    assert isinstance(failure, ServiceDown)
    with pytest.raises(ServiceDown) as caught:
        await store.load("ada")
    assert caught.value.code == "WRONGTYPE"
    await store.aclose()


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
    silent = await asyncio.start_server(_say_nothing, "127.0.0.1", 0)
    store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{silent.sockets[0].getsockname()[1]}", prefix=prefix)
    began = time.perf_counter()
    assert isinstance(await failure_of(store), TimedOut)
    assert time.perf_counter() - began < 2
    await store.aclose()
    silent.close()


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


async def test_prefixes_share_nothing(redis_server: RedisServer, prefix: str) -> None:
    """Two programs on one Redis keep apart by their prefixes."""
    store, other = RedisStore(redis_server.url, prefix=prefix), RedisStore(redis_server.url, prefix=f"{prefix}:2")
    await store.save("ada", "text")
    await store.record("a.1", "text")
    await store.abandon("a.1")
    async with store.hold("name"), asyncio.timeout(1), other.hold("name"):
        assert await other.names() == ()
        assert await other.claim_orphans("") == ()
    async with raw(redis_server) as client:
        assert all([key.startswith(f"{prefix}:") async for key in client.scan_iter(f"{prefix}*")])
    await store.aclose()
    await other.aclose()


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


async def test_writes_at_the_same_time_are_one(redis_server: RedisServer, prefix: str) -> None:
    """A hundred rows that are recorded at once take a few commands."""
    store = RedisStore(redis_server.url, prefix=prefix)
    await store.record("a.0", "text")
    async with raw(redis_server) as client:
        before = (await client.info("commandstats"))["cmdstat_evalsha"]["calls"]
        await asyncio.gather(*(store.record(f"a.{number}", "text") for number in range(1, 100)))
        assert (await client.info("commandstats"))["cmdstat_evalsha"]["calls"] - before <= 3
        assert await client.hlen(f"{prefix}:journal") == 100
    await store.forget(*(f"a.{number}" for number in range(100)))
    await store.aclose()


async def test_it_speaks_tls(redis_server: RedisServer, prefix: str, tmp_path: Path) -> None:
    """A `rediss://` URL is encrypted, and the server's certificate checked."""
    authority, stranger = trustme.CA(), trustme.CA()
    certificates = {"ours": tmp_path / "ours.pem", "strange": tmp_path / "strange.pem"}
    authority.cert_pem.write_to_path(certificates["ours"])
    stranger.cert_pem.write_to_path(certificates["strange"])
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    async with Proxy().serve(redis_server.port, tls) as proxy:
        url = f"rediss://:{PASSWORD}@127.0.0.1:{proxy.port}/0?ssl_ca_certs="
        store = RedisStore(f"{url}{certificates['ours']}", prefix=prefix)
        await store.save("ada", "text")
        assert await store.load("ada") == "text"
        await store.aclose()
        wary = RedisStore(f"{url}{certificates['strange']}", prefix=prefix)
        assert isinstance(await failure_of(wary), Unreachable)
        await wary.aclose()


@pytest.mark.parametrize("must_journal", [True, False])
def test_whether_it_must_journal_is_the_users_choice(must_journal: bool) -> None:  # noqa: FBT001  # a parameter of pytest's
    """A manager asks the store whether a session may go without its journal."""
    assert RedisStore("redis://127.0.0.1", must_journal=must_journal).must_journal is must_journal
    assert not RedisStore("redis://127.0.0.1").must_journal
