"""A store's link to a Redis server: every step is one script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar, cast

import redis.asyncio
import redis.exceptions
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ..errors import NotConfigured
from . import redis_answers as answers
from . import redis_scripts as scripts
from .changes import Changes
from .redis_answers import TIMEOUT_S, answer

T = TypeVar("T")


class RedisLink:
    """The server as one owner sees it."""

    def __init__(self, client: redis.asyncio.Redis, owner: str, *, prefix: str, lease_s: float) -> None:
        """Use *client* as *owner*, under keys that begin with *prefix*."""
        self._client = client
        self._prefix = prefix
        self._me = (owner, str(max(1, int(lease_s * 1000))))
        self._write = client.register_script(scripts.WRITE)
        self._claim = client.register_script(scripts.CLAIM)
        self._take = client.register_script(scripts.TAKE)
        self._drop = client.register_script(scripts.DROP)
        self._renew = client.register_script(scripts.RENEW)

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*."""
        return await answer(cast("Any", self._client.hget(f"{self._prefix}:kept", name)), answers.text)

    async def names(self) -> Iterable[str]:
        """Return the names under which something is kept."""
        return await answer(cast("Any", self._client.hkeys(f"{self._prefix}:kept")), answers.texts)

    async def write(self, changes: Changes, /) -> None:
        """Write *changes*."""
        deleted = [name for name, text in changes.kept.items() if text is None]
        kept = [(name, text) for name, text in changes.kept.items() if text is not None]
        lists = (_pairs(changes.recorded), changes.forgotten, list(changes.abandoned), _pairs(kept), deleted)
        counts = (len(changes.recorded), len(changes.forgotten), len(changes.abandoned), len(kept), len(deleted))
        counted = [part for count, texts in zip(counts, lists, strict=True) for part in (str(count), *texts)]
        await self._run(self._write, answers.number, *self._me, *counted)

    async def claim(self, prefix: str, /) -> Iterable[tuple[str, str]]:
        """Make the rows under *prefix* whose owner is dead this owner's."""
        return await self._run(self._claim, answers.rows, *self._me, prefix)

    async def take(self, name: str, token: str, /) -> bool:
        """Take the lock *name*, unless another owner has it and its lease."""
        return bool(await self._run(self._take, answers.number, *self._me, name, token))

    async def drop(self, name: str, token: str, /) -> None:
        """Give the lock *name* back, if it is held by *token*."""
        await self._run(self._drop, answers.number, self._me[0], name, token)

    async def renew(self, held: Mapping[str, str], /) -> bool:
        """Renew the lease and the locks *held*, restoring those that the server has forgotten."""
        return bool(await self._run(self._renew, answers.number, *self._me, *_pairs(list(held.items()))))

    async def close(self) -> None:
        """Close the connections."""
        await answer(self._client.aclose(), answers.nothing)

    async def _run(self, script: Any, read: Callable[[Any], T], *arguments: str) -> T:
        return await answer(script(keys=[self._prefix], args=arguments), read)


def connect(url: str, owner: str, *, prefix: str, lease_s: float) -> RedisLink:
    """Return a link to the server at *url*, whose connections are opened when they are needed.

    A connection that turns out to be gone is opened anew once, as after a restart of the server; every
    script may be run twice. Raises `NotConfigured` for a URL that cannot be read, or has options that
    its driver does not know or that would write texts in another way than other programs do.
    """
    client = None
    with suppress(Exception):  # whatever is wrong with it; the error's own words may show the password
        client = _client(url)
    if client is None:
        message = (
            "the URL of Redis cannot be used: give it as redis://[[user]:password@]host[:port][/db], as rediss:// or"
            " unix://, and take out what comes after a question mark unless redis-py has an option of that name"
        )
        raise NotConfigured(message)
    return RedisLink(client, owner, prefix=prefix, lease_s=lease_s)


def _client(url: str) -> redis.asyncio.Redis:
    """Return a client of the server at *url*; raises anything where its first use would."""
    lost = redis.exceptions.ConnectionError
    client: redis.asyncio.Redis = cast("Any", redis.asyncio.Redis).from_url(  # its options are not annotated
        url,
        decode_responses=True,
        encoding_errors="replace",  # so that a damaged entry is one that cannot be read, as in a file
        protocol=2,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 1, supported_errors=(lost,)),
        retry_on_error=[lost],
    )
    driver = cast("Any", client)
    driver.connection_pool.make_connection()  # not opened: it only takes the URL's options, or does not
    encoder = driver.get_encoder()
    if encoder.encode("é") != "é".encode() or not isinstance(encoder.decode(b"\xff"), str):
        raise ValueError
    return client


def _pairs(items: list[tuple[str, str]]) -> list[str]:
    return [part for item in items for part in item]
