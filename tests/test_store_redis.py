"""The Redis store and its server: URL, credentials, TLS, and what stands in which keys."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from tmdb_auth_async import NotConfigured, ServiceDown, Unreachable
from tmdb_auth_async.stores import RedisStore

from .redis_kit import raw, saying
from .redis_server import PASSWORD, RedisServer
from .store_failing import failure_of
from .tcp_proxy import Proxy


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


@pytest.mark.parametrize("url", [5, None, b"redis://h"])
def test_what_is_no_text_is_no_url(url: Any) -> None:
    """What is not even a text is refused the same way."""
    with pytest.raises(NotConfigured, match="redis://"):
        RedisStore(url)


@pytest.mark.parametrize(
    "option",
    [
        "bogus=canary",
        "ssl_cert_reqs=none",
        "protocol=canary",
        "retry=canary",
        "encoding=canary",
        "encoding=latin-1",
        "encoding_errors=canary",
        "encoding_errors=strict",
    ],
)
async def test_an_option_that_cannot_be_is_not_configured(option: str) -> None:
    """What the driver does not know, or would write texts otherwise, is refused with what to do, and not shown."""
    failure = await failure_of(RedisStore(f"redis://:{PASSWORD}@127.0.0.1?{option}"))
    assert isinstance(failure, NotConfigured)
    assert "take out what comes after a question mark" in str(failure)


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


async def test_what_redis_cannot_do_is_said_by_its_code() -> None:
    """An error of Redis itself is told by its first word alone."""
    async with saying(b"-BUSY canary is busy running a script\r\n") as url:
        store = RedisStore(url)
        failure = await failure_of(store)
        await store.aclose()
    assert isinstance(failure, ServiceDown)
    assert failure.code == "BUSY"
    assert "(BUSY)" in str(failure)


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
def test_whether_it_must_journal_is_the_users_choice(*, must_journal: bool) -> None:
    """A manager asks the store whether a session may go without its journal."""
    assert RedisStore("redis://127.0.0.1", must_journal=must_journal).must_journal is must_journal
    assert not RedisStore("redis://127.0.0.1").must_journal
