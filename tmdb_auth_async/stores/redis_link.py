"""A store's link to a Redis server: every step is one script."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

import redis.asyncio
import redis.exceptions
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ..errors import AuthError, NotConfigured, ServiceDown, TimedOut, Unreachable
from . import redis_scripts as scripts
from .changes import Changes
from .masked import Masked

TIMEOUT_S = 2.0
"""How long one try waits for the server."""


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
        text = await _answer(self._client.hget(f"{self._prefix}:kept", name))
        return None if text is None else Masked(text)

    async def names(self) -> Iterable[str]:
        """Return the names under which something is kept."""
        names: list[str] = await _answer(self._client.hkeys(f"{self._prefix}:kept"))
        return names

    async def write(self, changes: Changes, /) -> None:
        """Write *changes*."""
        deleted = [name for name, text in changes.kept.items() if text is None]
        kept = [(name, text) for name, text in changes.kept.items() if text is not None]
        lists = (_pairs(changes.recorded), changes.forgotten, list(changes.abandoned), _pairs(kept), deleted)
        counts = (len(changes.recorded), len(changes.forgotten), len(changes.abandoned), len(kept), len(deleted))
        counted = [part for count, texts in zip(counts, lists, strict=True) for part in (str(count), *texts)]
        await self._run(self._write, *self._me, *counted)

    async def claim(self, prefix: str, /) -> Iterable[tuple[str, str]]:
        """Make the rows under *prefix* whose owner is dead this owner's."""
        found: list[str] = await self._run(self._claim, *self._me, prefix)
        return [(key, Masked(text)) for key, text in zip(found[::2], found[1::2], strict=True)]

    async def take(self, name: str, token: str, /) -> bool:
        """Take the lock *name*, unless another owner has it and its lease."""
        return bool(await self._run(self._take, *self._me, name, token))

    async def drop(self, name: str, token: str, /) -> None:
        """Give the lock *name* back, if it is held by *token*."""
        await self._run(self._drop, self._me[0], name, token)

    async def renew(self, held: Mapping[str, str], /) -> bool:
        """Renew the lease and the locks *held*, restoring those that the server has forgotten."""
        return bool(await self._run(self._renew, *self._me, *_pairs(list(held.items()))))

    async def close(self) -> None:
        """Close the connections."""
        await _answer(self._client.aclose())

    async def _run(self, script: Any, *arguments: str) -> Any:
        return await _answer(script(keys=[self._prefix], args=arguments))


def connect(url: str, owner: str, *, prefix: str, lease_s: float) -> RedisLink:
    """Return a link to the server at *url*, whose connections are opened when they are needed.

    A connection that turns out to be gone is opened anew once, as after a restart of the server; every
    script may be run twice. Raises `NotConfigured` for a URL that cannot be read.
    """
    lost = redis.exceptions.ConnectionError
    client = None
    with suppress(ValueError, TypeError):  # whose words may show the password
        client = cast("Any", redis.asyncio.Redis).from_url(  # its options are not annotated
            url,
            decode_responses=True,
            protocol=2,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 1, supported_errors=(lost,)),
            retry_on_error=[lost],
        )
    if client is None:
        message = "the URL of Redis cannot be read: give it as redis://[[user]:password@]host[:port][/db], or rediss://"
        raise NotConfigured(message)
    return RedisLink(client, owner, prefix=prefix, lease_s=lease_s)


def _pairs(items: list[tuple[str, str]]) -> list[str]:
    return [part for item in items for part in item]


async def _answer(asked: Awaitable[Any]) -> Any:
    """Wait for an answer; raises an error of our own, without the server's address or words."""
    try:
        return await asked
    except (redis.exceptions.RedisError, OSError) as error:
        failure = _explained(error)
    raise failure


def _explained(error: Exception) -> AuthError:
    if isinstance(error, redis.exceptions.TimeoutError | TimeoutError):
        return TimedOut(f"Redis gave no answer within {TIMEOUT_S:g} s: is it overloaded, or stopped?")
    if isinstance(error, redis.exceptions.AuthenticationError | redis.exceptions.AuthorizationError):
        return NotConfigured("Redis refused the user or password: correct the URL given to RedisStore")
    if isinstance(error, redis.exceptions.NoPermissionError):
        return NotConfigured(
            "Redis does not allow this user what is needed: EVALSHA, SCRIPT LOAD, HGET, HKEYS, all keys"
        )
    if isinstance(error, redis.exceptions.BusyLoadingError):
        return ServiceDown("Redis is still loading its data: try again", code="LOADING")
    if isinstance(error, redis.exceptions.ConnectionError | OSError):
        return Unreachable("Redis cannot be reached: is it running, and the URL given to RedisStore right?")
    code = str(error).partition(" ")[0].strip("-:")
    return ServiceDown("Redis could not do what it was asked", code=code if code.isupper() else type(error).__name__)
