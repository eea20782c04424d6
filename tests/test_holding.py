"""Whether a session is part of a value: wherever in it its id may be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest

from tmdb_auth_async import BearerToken, Request, tmdb
from tmdb_auth_async.opening.holding import holds
from tmdb_auth_async.strategies.chain import ChainedSession

ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
MADE = tmdb.UserSession(ID)


@attrs.frozen
class Signs:
    """A stranger's session value, which signs by whatever it has."""

    by: Any = attrs.field(repr=False)

    def sign(self, request: Request, /) -> Request:
        """Sign."""
        return request


class Slotted:
    """A value without a `__dict__`."""

    __slots__ = ("inner",)

    def __init__(self, inner: object) -> None:
        """Hold it."""
        self.inner = inner


def _closure(session_id: str) -> Callable[[], str]:
    return lambda: session_id


@pytest.mark.parametrize(
    "whole",
    [
        MADE,
        tmdb.UserSession(ID),
        tmdb.ConvertedSession(ID, "token", None, BearerToken("token")),
        ChainedSession(1, ChainedSession(0, MADE)),
        Signs({"session_id": [ID]}),
        Signs(f"Bearer {ID}"),
        Signs(ID.encode()),
        Signs(_closure(ID)),
        Signs(partial(print, ID)),
        Signs(Slotted(Slotted(MADE))),
        Signs(MADE.put_on),
        Signs(list(map(Signs, range(2000)))),
    ],
    ids=lambda whole: type(getattr(whole, "by", whole)).__name__,
)
def test_it_is_found_wherever_it_is(whole: object) -> None:
    """A field, a container, a header, a closure, an argument, and what is too much to look through: it is in there."""
    assert holds(whole, MADE)


@pytest.mark.parametrize(
    "whole",
    [
        BearerToken("token"),
        tmdb.UserSession("another"),
        ChainedSession(1, Signs("another")),
        Signs(_closure("x")),
        None,
    ],
    ids=lambda whole: type(whole).__name__,
)
def test_it_is_not_found_where_it_is_not(whole: object) -> None:
    """Of the same kind, or within a function of the module that knows it: that is not it."""
    assert not holds(whole, MADE)


def test_what_has_no_id_is_found_by_its_like() -> None:
    """Numbers are read as texts; what is known by nothing is part of what holds the same."""
    assert holds(Signs(42), tmdb.UserSession("42"))
    assert not holds(Signs(142), tmdb.UserSession("42"))
    assert holds(ChainedSession(0, Signs("x")), Signs("x"))
    assert not holds(ChainedSession(0, Signs("y")), Signs("x"))
