"""The values everything else is made of: requests, responses and calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeAlias, TypeVar, cast

import attrs

from .errors import Refused
from .sealed import Sealed, in_flight, secret

JSON: TypeAlias = "Mapping[str, JSON] | Sequence[JSON] | str | int | float | bool | None"
"""What a JSON text decodes to."""

Scalar: TypeAlias = str | int | float | bool | None
"""What a query parameter may hold; `None` leaves the parameter out."""

MAX_BYTES = 1024 * 1024
"""The largest answer that is read unless the caller says more, in bytes."""

LOOKS_SECRET = re.compile(r"(?<=/)(?=[^/]*[0-9])[^/{}]{16,}")
"""A part of a path that may be the id of a session, a token or an account: long, and with a digit in it."""

T = TypeVar("T")

_IDEMPOTENT = frozenset({"GET", "DELETE", "HEAD", "OPTIONS"})


def _by_method(request: Request) -> bool:
    return request.method in _IDEMPOTENT


def shown_path(path: str) -> str:
    """Return *path* without what looks like the id of a session, a token or an account."""
    return LOOKS_SECRET.sub("…", path)


def _path_repr(path: str) -> str:
    return repr(shown_path(path))


@in_flight
class Request(Sealed):
    """What is sent: a path, never a URL, so that a credential cannot leave its service.

    `path` is a template that logs may show; `fills` are the values of its placeholders.
    A request is *repeatable* when doing it twice harms nobody; it *creates* when a lost
    answer may leave a session behind. An `authorization` of its own, be it empty,
    means that no credential is put on it. `max_bytes` bounds the answer.
    """

    method: str
    path: str = attrs.field(repr=_path_repr)
    fills: Mapping[str, str] | None = secret(default=None)
    params: Mapping[str, Scalar] | None = secret(default=None)
    json: JSON = secret(default=None)
    form: Mapping[str, str] | None = secret(default=None)
    authorization: str | None = secret(default=None)
    repeatable: bool = attrs.field(default=attrs.Factory(_by_method, takes_self=True))
    creates: bool = False
    max_bytes: int = MAX_BYTES

    def authorized(self, authorization: str) -> Request:
        """Return this request with that `Authorization` header."""
        return self.carrying(authorization, self.params)

    def carrying(self, authorization: str | None, params: Mapping[str, Scalar] | None) -> Request:
        """Return this request with that `Authorization` header, if any, and that query in place of its own."""
        return self._like(self.path, self.fills, params, authorization)

    def with_param(self, name: str, value: str) -> Request:
        """Return this request with one more query parameter."""
        params = {name: value} if self.params is None else {**self.params, name: value}
        return self.carrying(self.authorization, params)

    def filled(self, path: str, fills: Mapping[str, str]) -> Request:
        """Return this request for the template *path*, whose placeholders *fills* fill in."""
        return self._like(path, fills, self.params, self.authorization)

    def _like(
        self,
        path: str,
        fills: Mapping[str, str] | None,
        params: Mapping[str, Scalar] | None,
        authorization: str | None,
    ) -> Request:
        # Written out because attrs.evolve costs four times as much.
        return Request(
            self.method,
            path,
            fills,
            params,
            self.json,
            self.form,
            authorization,
            self.repeatable,
            self.creates,
            self.max_bytes,
        )


@in_flight
class Response(Sealed):
    """What came back: the HTTP status, the headers that matter, and the body as it was sent."""

    status: int
    body: bytes = secret()
    content_type: str = ""
    retry_after: str | None = None


JSON_ANSWER = cast("type[JSON]", object)
"""The type of an answer that is wanted as the JSON it is."""


class SessionValue(Protocol):
    """What opening gives: it signs requests.

    May also have `id`, `access_token`, `account_id` (`str`) and `expires_at` (aware UTC);
    see `Durable` for what lets it outlive its process.
    """

    def sign(self, request: Request, /) -> Request:
        """Return *request* as this session sends it."""
        ...


@in_flight
class Call(Generic[T]):
    """A request and the type its answer is read into, as data.

    `member` names the part of the body that is the answer, when it is not the whole.
    `opens` turns the answer of a creating request into the session it made, so that
    it can be journalled and closed even if nothing after it works. `not_found` is the
    error that a *not found* means for this call.
    """

    request: Request
    answer: type[T]
    member: str | None = None
    opens: Callable[[T], SessionValue] | None = None
    not_found: type[Refused] = Refused

    def sending(self, request: Request) -> Call[T]:
        """Return this call with *request* in place of its own."""
        return Call(request, self.answer, self.member, self.opens, self.not_found)
