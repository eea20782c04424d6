"""What TMDB answers to the authentication calls, under its own JSON names."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import attrs

from ..sealed import Sealed, secret, value
from ..service import check_id, check_token

_TIME_LENGTH = len("2016-08-26 17:04:39")


@lru_cache(maxsize=64)  # the tokens of one second end in one second
def read_time(text: str) -> datetime:
    """Read TMDB's `2016-08-26 17:04:39 UTC` as an aware datetime; raises `ValueError` on anything else."""
    if not text.endswith(" UTC") or len(text) != _TIME_LENGTH + 4:
        raise ValueError
    return datetime.fromisoformat(f"{text[:_TIME_LENGTH]}Z")


@value
class Acknowledged:
    """TMDB's plain yes."""

    success: bool = True


@value
class RequestToken(Sealed):
    """A v3 request token: 60 minutes, single use."""

    request_token: str = attrs.field(repr=False, validator=check_id)
    expires_at: datetime = attrs.field()


@value
class CreatedSession(Sealed):
    """A v3 session, which lives until it is deleted."""

    session_id: str = attrs.field(repr=False, validator=check_id)


@value
class CreatedGuestSession(Sealed):
    """A guest session, which nothing deletes: it expires."""

    guest_session_id: str = attrs.field(repr=False, validator=check_id)
    expires_at: datetime = attrs.field()


@value
class V4RequestToken(Sealed):
    """A v4 request token: a JWT of 15 minutes, whose `aud` is the app's API key."""

    request_token: str = attrs.field(repr=False, validator=check_id)


@value
class V4AccessToken(Sealed):
    """A user's access token, which lives until it is deleted, and the account it is for."""

    access_token: str = attrs.field(repr=False, validator=check_token)
    account_id: str = secret()
