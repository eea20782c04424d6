"""What the session calls send: protobuf's JSON, with what is not given left out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from ..errors import NotConfigured
from ..values import JSON

LONGEST_S = 315_576_000_000
"""The longest lifetime that protobuf can write, about 10,000 years, in seconds."""


def session_body(
    *,
    user: Mapping[str, JSON] | None = None,
    password: str | None = None,
    totp: str | None = None,
    lifetime_s: float | None = None,
    metadata: Mapping[str, bytes] | None = None,
) -> dict[str, JSON]:
    """Return the body of a create or a set; raises `NotConfigured` for a lifetime that cannot be."""
    checks: dict[str, JSON] = {}
    if user is not None:
        checks["user"] = user
    if password is not None:
        checks["password"] = {"password": password}
    if totp is not None:
        checks["totp"] = {"code": totp}
    body: dict[str, JSON] = {}
    if checks:
        body["checks"] = checks
    if lifetime_s is not None:
        body["lifetime"] = duration(lifetime_s)
    if metadata:
        body["metadata"] = {name: b64encode(data).decode() for name, data in metadata.items()}
    return body


def user_check(login_name: str | None, user_id: str | None) -> Mapping[str, JSON] | None:
    """Return the check for a user, by name or by id; raises `NotConfigured` when both are given."""
    if login_name is not None and user_id is not None:
        message = "a session is for one user: give login_name or user_id, not both"
        raise NotConfigured(message)
    if user_id is not None:
        return {"userId": user_id}
    return None if login_name is None else {"loginName": login_name}


def check_lifetime(lifetime_s: object) -> None:
    """Raise `NotConfigured` unless *lifetime_s* is a positive number of seconds, or `None` for never."""
    if lifetime_s is None:
        return
    if isinstance(lifetime_s, int | float) and not isinstance(lifetime_s, bool):  # noqa: SIM102  # one question a line
        if 0 < lifetime_s <= LONGEST_S and _nanoseconds(lifetime_s) != "0":
            return
    message = "lifetime_s must be a positive number of seconds, or None for a session that never expires"
    raise NotConfigured(message)


def duration(seconds: float) -> str:
    """Write a positive duration as protobuf does, such as `3600s` or `0.5s`; raises `NotConfigured` for others."""
    check_lifetime(seconds)
    return f"{_nanoseconds(seconds)}s"


def _nanoseconds(seconds: float) -> str:
    return f"{seconds:.9f}".rstrip("0").rstrip(".")
