"""A ZITADEL instance: where it lives and how it is read."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from ..errors import AuthError, Refused
from ..origin import checked_url
from ..service import Reader
from ..values import JSON, Call, Response
from .answers import Details, read_time
from .status import complaint, is_dead

_reader = Reader(read_time=read_time, camel=True, notes=(Details,))


@attrs.frozen
class Zitadel:
    """The ZITADEL instance at *url*, such as `https://login.example.com`, to be a manager's service.

    Raises `NotConfigured` for a URL without scheme or host, and for plain http to another machine.
    """

    bearers_only: ClassVar[bool] = True
    """What signs here is a bearer: a credential in the query is refused before anything is sent."""

    url: str

    def __init__(self, url: str) -> None:
        """Live at *url*, whose last slash is not kept."""
        object.__setattr__(self, "url", checked_url(url))  # attrs' converter would hide the type of `url` from pyright

    @property
    def website(self) -> str:
        """The instance's own address: its pages live there too."""
        return self.url

    @property
    def reader(self) -> Reader:
        """How ZITADEL writes values: protobuf's JSON, lowerCamelCase, with zeros left out; details are not needed."""
        return _reader

    @property
    def spare(self) -> None:
        """Nothing is fetched ahead: a login needs no token to begin with."""
        return

    def complaint(self, call: Call[Any], response: Response, body: JSON, /) -> AuthError | None:
        """Read the id of a complaint; a 404 is never taken for *already gone*."""
        return complaint(call, response, body)

    def is_dead(self, error: Refused, /) -> bool:
        """Say whether *error* is how ZITADEL answers to a session that it no longer honours."""
        return is_dead(error)
