"""What Redis answers, read strictly: whatever goes wrong is an error of ours, without the server's address or words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import redis.exceptions

from ..errors import AuthError, NotConfigured, ServiceDown, TimedOut, Unreachable
from .masked import Masked

T = TypeVar("T")

TIMEOUT_S = 2.0
"""How long one try waits for the server."""

_CODE = re.compile(r"[A-Z]{2,20}(?= |$)")
_CLUSTER = "this Redis is a cluster, which splits up what belongs together: give RedisStore the URL of one that is none"
_CURES = (
    (r"DB index is out of range|invalid DB index", "Redis has no database of the number that ends its URL: correct it"),
    (r"WRONGTYPE", "Redis has another program's keys under this prefix: give RedisStore a prefix of your own"),
    (r"non.local key", _CLUSTER),
    (
        r"[Uu]nknown (Redis )?(sub)?command",
        "this Redis lacks a command that is needed: EVALSHA, SCRIPT LOAD, HGET, HKEYS, or one that scripts call",
    ),
    (r"HTTP/", "the URL given to RedisStore leads to a web server, not to a Redis: correct it"),
)
"""What Redis says where it can never do what it is asked, and what to do about that."""


async def answer(asked: Awaitable[Any], read: Callable[[Any], T]) -> T:
    """Wait for an answer and *read* it; raises an `AuthError`."""
    try:
        return read(await asked)
    except (redis.exceptions.RedisError, OSError) as error:
        failure = _explained(error)
    except Exception:  # noqa: BLE001  # on an answer that is none of Redis's, its driver and we raise anything
        failure = ServiceDown(
            "Redis gave an answer that cannot be read: does the URL given to RedisStore lead to a Redis?",
            code="InvalidResponse",
        )
    raise failure


def nothing(found: object) -> None:
    """Read nothing: whatever came will do."""
    del found


def number(found: object) -> int:
    """Read a number; raises `TypeError` for anything else, as all who read here do."""
    if not isinstance(found, int):
        raise TypeError
    return found


def text(found: object) -> Masked | None:
    """Read a text, whose repr shows nothing, or that there is none."""
    return None if found is None else Masked(_text(found))


def texts(found: object) -> list[str]:
    """Read a list of texts."""
    if not isinstance(found, list):
        raise TypeError
    return [_text(item) for item in cast("list[object]", found)]


def rows(found: object) -> list[tuple[str, str]]:
    """Read a list of keys, each with its text behind it; raises `ValueError` where the last has none."""
    items = texts(found)
    return [(key, Masked(item)) for key, item in zip(items[::2], items[1::2], strict=True)]


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


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
    return _refused(error)


def _refused(error: Exception) -> AuthError:
    """Return what it means that Redis, or what is taken for one, has answered by *error*; only a code is told."""
    said = str(error)
    if isinstance(error, redis.exceptions.AskError | redis.exceptions.ClusterCrossSlotError):
        return NotConfigured(_CLUSTER)
    for pattern, cure in _CURES:
        if re.search(pattern, said):
            return NotConfigured(cure)
    code = found[0] if (found := _CODE.match(said)) else type(error).__name__
    return ServiceDown(f"Redis could not do what it was asked ({code})", code=code)
