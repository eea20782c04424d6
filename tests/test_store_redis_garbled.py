"""The Redis store where what is kept is damaged, or what answers is no Redis."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Awaitable, Callable

import pytest
import redis.asyncio

from tmdb_auth_async import (
    TMDB,
    AuthError,
    BearerToken,
    NotConfigured,
    Password,
    RequestTokenLogin,
    ServiceDown,
    SessionManager,
)
from tmdb_auth_async.stores import RedisStore
from tmdb_auth_async.testing import FakeTMDB

from .redis_kit import saying
from .redis_server import PASSWORD, RedisServer
from .showing import shown

CANARY = "CANARY"
GARBLED = {
    "a number that is none": b":CANARY\r\n",
    "a length that is none": b"$CANARY\r\n",
    "a length without end": b"$" + b"9" * 5000 + b"\r\n",
    "a list without end": b"*1\r\n" * 20_000,
    "no protocol": b"CANARY\r\n",
    "an error of a strange name": b"-CANARY-5F1E of CANARY\r\n",
    "a list of errors": b"*2\r\n-ERR CANARY\r\n-ERR CANARY\r\n",
}
"""What no command here is answered by."""

USES: dict[str, Callable[[RedisStore], Awaitable[object]]] = {
    "load": lambda store: store.load("ada"),
    "names": lambda store: store.names(),
    "save": lambda store: store.save("ada", CANARY),
    "record": lambda store: store.record("a.1", CANARY),
    "claim": lambda store: store.claim_orphans(""),
    "hold": lambda store: store.hold("ada").__aenter__(),
}


async def _failure(use: str, reply: bytes) -> AuthError:
    """Use a store whose server answers *reply*; return the error, which shows nothing of it."""
    async with saying(reply) as url:
        store = RedisStore(url)
        with pytest.raises(AuthError) as caught:
            await USES[use](store)
        await store.aclose()
    assert CANARY not in shown(caught.value)
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("reply", GARBLED.values(), ids=GARBLED)
async def test_an_answer_that_is_no_redis_is_an_error_of_ours(use: str, reply: bytes) -> None:
    """Whatever the driver makes of it: the store cannot be used, and nothing of the answer is shown."""
    assert isinstance(await _failure(use, reply), ServiceDown)


@pytest.mark.parametrize(
    ("use", "reply"),
    [
        ("load", b":5\r\n"),
        ("load", b"*1\r\n$6\r\nCANARY\r\n"),
        ("names", b"$-1\r\n"),
        ("names", b":5\r\n"),
        ("names", b"*1\r\n:5\r\n"),
        ("save", b"$6\r\nCANARY\r\n"),
        ("record", b"$-1\r\n"),
        ("claim", b"$-1\r\n"),
        ("claim", b":5\r\n"),
        ("claim", b"*1\r\n$6\r\nCANARY\r\n"),
        ("hold", b"$6\r\nCANARY\r\n"),
    ],
)
async def test_an_answer_of_another_kind_is_an_error_of_ours(use: str, reply: bytes) -> None:
    """A nil or a number where a list belongs, half a pair: nothing is made of it."""
    assert isinstance(await _failure(use, reply), ServiceDown)


async def test_a_damaged_entry_cannot_be_read(redis_server: RedisServer, prefix: str) -> None:
    """One bad byte in a kept session is an entry that a logout removes, as in a file; its id is shown nowhere."""
    store = RedisStore(redis_server.url, prefix=prefix)
    record = {"v": 1, "kind": "tmdb_auth_async.tmdb.sessions:UserSession", "data": {"id": CANARY}}
    async with redis.asyncio.Redis(port=redis_server.port, password=PASSWORD) as client:
        await client.hset(f"{prefix}:kept", f"default @ {TMDB.url}", json.dumps(record).encode() + b"\xff")
    async with SessionManager(BearerToken("a-token"), store=store) as manager:
        with pytest.raises(NotConfigured, match="a logout removes it") as caught:
            await manager.resume()
    assert CANARY not in shown(caught.value)


async def test_a_scope_on_no_redis_ends_quietly(fake: FakeTMDB, caplog: pytest.LogCaptureFixture) -> None:
    """A scope whose journal is answered by nonsense opens, closes and leaves no task that complains."""
    async with saying(b":CANARY\r\n") as url:
        service, store = TMDB.at(fake.url), RedisStore(url)
        async with SessionManager(BearerToken(fake.read_access_token), service=service, store=store) as manager:
            async with manager.session(RequestTokenLogin(Password("ada", "secret"))) as session:
                assert fake.sessions == {session.id}
            assert not fake.sessions
        gc.collect()
    assert {record.name for record in caplog.records if record.levelno >= logging.WARNING} == {"tmdb_auth_async"}
    assert CANARY not in caplog.text
