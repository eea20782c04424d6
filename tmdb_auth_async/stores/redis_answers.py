"""What Redis answers, read strictly: whatever goes wrong is an error of ours, without the server's address or words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import redis.exceptions

from ..errors import AuthError, NotConfigured, ServiceDown, TimedOut, Unreachable
from .masked import Masked

T = TypeVar("T")

TIMEOUT_S = 2.0
"""How long one try waits for the server."""


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
    code = str(error).partition(" ")[0].strip("-:")
    is_code = code.isascii() and code.isalpha() and code.isupper()
    return ServiceDown("Redis could not do what it was asked", code=code if is_code else type(error).__name__)
