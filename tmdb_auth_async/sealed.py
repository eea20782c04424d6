"""How values are written: frozen, and mute about their secrets."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn, Self, TypeVar, dataclass_transform

import attrs

T = TypeVar("T")


class _OfValues:
    """What Hypothesis' printer asks a value for, which prints its repr; else it would go through the fields.

    It asks classes as well, and calls whatever they have.
    """

    def __get__(self, instance: object, owner: object) -> Callable[[Any, object], None] | None:
        return None if instance is None else lambda printer, _: printer.text(repr(instance))


class Sealed:
    """A value with secrets in it: it cannot be pickled, and a copy of it is itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        """Return the value itself, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Self:
        """Return the value itself, which never changes."""
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse: a pickle would show the secrets."""
        message = (
            f"{type(self).__name__} holds secrets and is not pickled: keep sessions in a store, and make the rest anew"
        )
        raise TypeError(message)

    _repr_pretty_ = _OfValues()


def secret(*, default: Any = attrs.NOTHING) -> Any:  # as every dataclass field specifier
    """Declare a field of a `value` that no repr shows; required unless it has a *default*."""
    return attrs.field(default=default, repr=False)


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field, secret))
def value(cls: type[T]) -> type[T]:
    """Make *cls* a frozen attrs class whose `secret()` fields type checkers understand."""
    return _untold(attrs.frozen(cls))


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field, secret))
def in_flight(cls: type[T]) -> type[T]:
    """Make *cls* a `value` that lives as long as one request: type checkers keep it frozen, and nothing else does.

    A frozen one costs three times as much to make, and a session takes a dozen of them: with these,
    opening it, using it and closing it cost a fortieth less. Nothing here assigns to their fields.
    """
    return _untold(attrs.define(cls, unsafe_hash=True))


def _untold(cls: type[T]) -> type[T]:
    """Give *cls*, made by attrs, an equality of our own around its own.

    Of two that are not equal pytest tells every field, hidden from the repr or not,
    where it sees that the equality is attrs' own.
    """
    made: Any = cls
    equal = made.__eq__

    @functools.wraps(equal)
    def compared(self: object, other: object) -> Any:  # a bool, or `NotImplemented`
        return equal(self, other)

    made.__eq__ = compared
    return cls
