"""Who opens sessions, as a value: where it lives, and how its answers and complaints are read."""

from __future__ import annotations

from typing import Any, Protocol

import attrs

from ..errors import AuthError, Refused
from ..values import JSON, Call, Response
from .reader import Reader


@attrs.frozen
class Spare:
    """A call whose answers may be fetched ahead, and for how many seconds each is good."""

    call: Call[Any]
    good_for_s: float


class Service(Protocol):
    """Who opens sessions: where it lives, and how its answers and complaints are read.

    One that takes no credential in the query has an attribute `bearers_only = True`.
    """

    @property
    def url(self) -> str:
        """Where its API lives, without a slash at the end."""
        ...

    @property
    def website(self) -> str:
        """Where its pages for people live, without a slash at the end."""
        ...

    @property
    def reader(self) -> Reader:
        """How the members of its answers become values."""
        ...

    @property
    def spare(self) -> Spare | None:
        """What may be fetched ahead of its use, if there is such a thing."""
        ...

    def complaint(self, call: Call[Any], response: Response, body: JSON, /) -> AuthError | None:
        """Return the error that *body* stands for, or `None` when it is an answer; *body* is `None` when not JSON."""
        ...

    def is_dead(self, error: Refused, /) -> bool:
        """Say whether *error*, met by a request that a session signed, means that the session is over."""
        ...
