"""The Redis store where it can never work: that is not configured, with what to do, and no Redis that is away."""

from __future__ import annotations

from typing import Any

import pytest

from tmdb_auth_async import TMDB, BearerToken, NotConfigured, SessionManager
from tmdb_auth_async.stores import KeyringStore, RedisStore, SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .redis_kit import raw, saying
from .redis_server import PASSWORD, RedisServer
from .store_failing import failure_of

NEVER = {
    b"-MOVED 1 10.0.0.1:6379": "a cluster",
    b"-ASK 1 10.0.0.1:6379": "a cluster",
    b"-CROSSSLOT Keys in request don't hash to the same slot": "a cluster",
    b"-ERR Error running script: Script attempted to access a non local key in a cluster node": "a cluster",
    b"-ERR unknown command `EVALSHA`, with args beginning with: `canary`": "lacks a command",
    b"-ERR Unknown Redis command called from script script: canary": "lacks a command",
    b"-ERR unknown subcommand 'LOAD'. Try SCRIPT HELP.": "lacks a command",
}


@pytest.mark.parametrize(("reply", "said"), NEVER.items())
async def test_what_no_other_day_mends_is_not_configured(reply: bytes, said: str) -> None:
    """The error says what to do, and repeats nothing of the answer."""
    async with saying(reply + b"\r\n") as url:
        store = RedisStore(url)
        failure = await failure_of(store)
        await store.aclose()
    assert isinstance(failure, NotConfigured)
    assert said in str(failure)
    assert "10.0.0.1" not in str(failure)


async def test_a_database_that_is_not_there_is_said(redis_server: RedisServer) -> None:
    """A number beyond the last one is told as the manager is entered, not warned of."""
    store = RedisStore(redis_server.url.removesuffix("/0") + "/99")
    with pytest.raises(NotConfigured, match="no database of the number"):
        async with SessionManager(BearerToken("a-token"), store=store):
            pytest.fail("entered")


async def test_the_keys_of_another_program_are_said(redis_server: RedisServer, prefix: str) -> None:
    """Where a key under the prefix is of another type, read or in a script, another prefix is the way out."""
    async with raw(redis_server) as client:
        await client.set(f"{prefix}:kept", "not a hash")
    store = RedisStore(redis_server.url, prefix=prefix)
    assert "a prefix of your own" in str(await failure_of(store))
    with pytest.raises(NotConfigured, match="a prefix of your own"):
        await store.load("ada")
    await store.aclose()


async def test_a_web_server_is_no_redis(fake_tmdb: FakeTMDB) -> None:
    """The URL of a service in place of the store's is told."""
    store = RedisStore(fake_tmdb.url.replace("http", "redis"))
    with pytest.raises(NotConfigured, match="leads to a web server"):
        async with SessionManager(BearerToken("a-token"), service=TMDB.at(fake_tmdb.url), store=store):
            pytest.fail("entered")


@pytest.mark.parametrize("path", ["x", "0/1", "-1", f"{PASSWORD}@host/0", "%78"])
@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_a_path_that_is_no_number_names_no_database(scheme: str, path: str) -> None:
    """The driver would take the first one, and what follows a slash in a password for it."""
    with pytest.raises(NotConfigured, match=r"redis://host:6379/0") as caught:
        RedisStore(f"{scheme}://host/{path}")
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["redis://h", "redis://h/", "redis://h/15", "redis://h/3/", "unix:///run/redis.sock?db=3"]
)
def test_a_path_that_is_a_number_is_taken(url: str) -> None:
    """So are none at all, and the path of a socket."""
    RedisStore(url)


@pytest.mark.parametrize("prefix", [None, 3, b"p", "\ud800"])
def test_what_is_no_text_is_no_prefix(prefix: Any) -> None:
    """It is told at once, and so is a service's name in the keyring."""
    with pytest.raises(NotConfigured, match=r"^prefix "):
        RedisStore("redis://h", prefix=prefix)
    with pytest.raises(NotConfigured, match=r"^service_name "):
        KeyringStore(prefix)


@pytest.mark.parametrize("lease_s", [float("inf"), 1e300, 86_401])
def test_a_lease_ends_within_a_day(lease_s: float) -> None:
    """A longer one is refused where it is given; it would be nobody's to recover for ever, or no number for Redis."""
    with pytest.raises(NotConfigured, match="a day"):
        RedisStore("redis://h", lease_s=lease_s)
    with pytest.raises(NotConfigured, match="a day"):
        SQLiteStore("x.db", lease_s=lease_s)
    RedisStore("redis://h", lease_s=86_400)
