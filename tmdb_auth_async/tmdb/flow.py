"""The logins that a person approves: the steps of v3 and v4, as data, and what an approval does with them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

import attrs

from ..ports import Ask
from ..sealed import Sealed, secret, value
from ..values import Call, SessionValue
from .answers import CreatedSession, RequestToken, V4AccessToken
from .opening import (
    access_token_session,
    create_request_token,
    create_session,
    create_v4_access_token,
    create_v4_request_token,
    user_session,
    validate_with_login,
)

T = TypeVar("T")

_V3_LIFETIME = timedelta(minutes=60)
_V4_LIFETIME = timedelta(minutes=15)


@value
class Token(Sealed):
    """A request token on its way to approval: the token, its end, and the page where people approve it."""

    request_token: str = secret()
    expires_at: datetime = attrs.field()
    url: str = secret()


@attrs.frozen
class Flow(Generic[T]):
    """One of TMDB's logins by request token: how to fetch one, where it is approved, what it is exchanged for.

    `fetch(ask, redirect_to)` sends the user to *redirect_to* after the approval, if
    given; `returns_token` says that the redirect then brings the token back, and what
    the user said. `session` makes a session of what the exchange answers. `validate`
    approves by password, where the login has that.
    """

    name: str
    fetch: Callable[[Ask, str | None], Coroutine[Any, Any, Token]]
    exchange: Callable[[str], Call[T]]
    session: Callable[[T], SessionValue]
    lifetime: timedelta
    returns_token: bool = False
    validate: Callable[[str, str, str], Call[RequestToken]] | None = None

    def left_s(self, token: Token) -> float:
        """Return how long *token* can still be approved, in seconds.

        A clock that is wrong here or there shows in an end that cannot be: the token is then as good as new.
        """
        return (self.ends_at(token) - datetime.now(UTC)).total_seconds()

    def ends_at(self, token: Token) -> datetime:
        """Return until when *token* can be approved, by the clock of this machine, as `left_s` has it."""
        now = datetime.now(UTC)
        return token.expires_at if timedelta() < token.expires_at - now <= self.lifetime else now + self.lifetime


class Approval(Protocol):
    """How a human says yes to a request token."""

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Fetch a token, have it approved, and exchange it; raises `NotApproved` when nobody does."""
        ...


_FETCH = Call(create_request_token().request, RequestToken)
"""Not the very call whose answers are fetched ahead: a person needs a token's whole hour."""


async def _fetch_v3(ask: Ask, redirect_to: str | None) -> Token:
    made = await ask(_FETCH)
    params = {} if redirect_to is None else {"redirect_to": redirect_to}
    page = ask.page(f"/authenticate/{quote(made.request_token, safe='')}", params)
    return Token(made.request_token, made.expires_at, page)


async def _fetch_v4(ask: Ask, redirect_to: str | None) -> Token:
    made = await ask(create_v4_request_token(redirect_to))
    url = ask.page("/auth/access", {"request_token": made.request_token})
    return Token(made.request_token, _expiry(made.request_token), url)


def _expiry(token: str) -> datetime:
    """Return a JWT's `exp`, or 15 minutes from now where it has none; nothing is verified, it is only shown."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError, RecursionError, binascii.Error):
        return datetime.now(UTC) + _V4_LIFETIME


V3: Flow[CreatedSession] = Flow(
    "v3", _fetch_v3, create_session, user_session, _V3_LIFETIME, returns_token=True, validate=validate_with_login
)
"""Request token, approval, session: https://developer.themoviedb.org/reference/authentication-how-do-i-generate-a-session-id."""

V4: Flow[V4AccessToken] = Flow("v4", _fetch_v4, create_v4_access_token, access_token_session, _V4_LIFETIME)
"""Request token, approval, access token: https://developer.themoviedb.org/v4/docs/authentication-user."""

FLOWS: Mapping[str, Flow[Any]] = {flow.name: flow for flow in (V3, V4)}
"""Both logins under their names."""
