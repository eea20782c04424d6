"""What ZITADEL answers to the session calls; whatever is zero is left out of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import attrs

from ..sealed import Sealed, secret, value
from ..service import check_id, check_token

_NO_METADATA: Mapping[str, bytes] = {}


def read_time(text: str) -> datetime:
    """Read an RFC 3339 time, of up to nanoseconds, as an aware UTC datetime; raises `ValueError` without an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _check_if_any(owner: object, field: object, text: str | None) -> None:
    if text:
        check_token(owner, field, text)


@value
class Details:
    """What the service notes of a change; after a termination of what was never known, next to nothing."""

    sequence: int | None = None
    change_date: datetime | None = None
    resource_owner: str | None = None
    creation_date: datetime | None = None


@value
class CreatedSession(Sealed):
    """A session and the token to use it; the token is replaced by each set."""

    session_id: str = attrs.field(repr=False, validator=check_id)
    session_token: str = attrs.field(repr=False, validator=check_token)
    details: Details = attrs.field(factory=Details)


@value
class ChangedSession(Sealed):
    """What a set gives: a token in place of the one before, or `None` when nothing changed and that one stays."""

    session_token: str | None = attrs.field(default=None, repr=False, validator=_check_if_any)
    details: Details = attrs.field(factory=Details)


@value
class Factor:
    """Something a user has proved, and when."""

    verified_at: datetime | None = None


@value
class WebAuthNFactor:
    """A security key or passkey, and whether it has verified its user."""

    verified_at: datetime | None = None
    user_verified: bool = False


@value
class UserFactor:
    """Whose session it is."""

    verified_at: datetime | None = None
    id: str | None = None
    login_name: str | None = None
    display_name: str | None = None
    organization_id: str | None = None


@value
class Factors:
    """What has been checked of a session."""

    user: UserFactor | None = None
    password: Factor | None = None
    web_auth_n: WebAuthNFactor | None = None
    intent: Factor | None = None
    totp: Factor | None = None
    otp_sms: Factor | None = None
    otp_email: Factor | None = None
    recovery_code: Factor | None = None


@value
class UserAgent:
    """The device that a session was said to be for."""

    fingerprint_id: str | None = None
    ip: str | None = None
    description: str | None = None


@value
class ZitadelSessionInfo(Sealed):
    """A session as the service sees it; without an `expiration_date` it lives until it is terminated."""

    id: str = secret()
    creation_date: datetime | None = None
    change_date: datetime | None = None
    sequence: int | None = None
    factors: Factors = attrs.field(factory=Factors)
    metadata: Mapping[str, bytes] = secret(default=_NO_METADATA)
    user_agent: UserAgent | None = None
    expiration_date: datetime | None = None
