"""What a session value holds: whether a session that was made on the way to it is part of it."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from types import FunctionType, ModuleType

from ..values import SessionValue

_MOST = 1000
"""What holds more objects than that is no plain value: it may hold anything."""

_LONG = 16
"""A text as long as that is not within another one by chance."""


def holds(whole: object, part: SessionValue) -> bool:
    """Say whether *whole* is *part*, or holds it or its id or token, however deep; yes where that cannot be told.

    Whatever signs has what it signs with, be it in a field, a container or a function's closure.
    """
    names = _names(part)
    seen: set[int] = set()
    left: list[object] = [whole]
    while left:
        one = left.pop()
        if one is part or (one == part if type(one) is type(part) else _is_named(one, names)):
            return True
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen.add(id(one))
        if len(seen) > _MOST:
            return True
        left.extend(_within(one))
    return False


def _names(value: SessionValue) -> set[str]:
    """Return what *value* is known by."""
    names = (getattr(value, "id", None), getattr(value, "access_token", None))
    return {str(name) for name in names if name is not None}


def _is_named(one: object, names: set[str]) -> bool:
    if isinstance(one, bytes):
        one = one.decode(errors="replace")
    elif isinstance(one, int):
        one = str(one)
    if not isinstance(one, str):
        return False
    return one in names or any(len(name) >= _LONG and name in one for name in names)


def _within(one: object) -> Iterable[object]:
    """Return what *one* holds; of a function not the module around it."""
    if isinstance(one, FunctionType):
        return (one.__closure__, one.__defaults__, one.__kwdefaults__, one.__dict__)
    return gc.get_referents(one)
