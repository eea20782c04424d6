"""How ZITADEL wraps a complaint: gRPC's gateway, newer paths, Connect and OAuth, each in its own way."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping

import attrs

from ..values import JSON

# gRPC's codes under the names that Connect has for them: https://connectrpc.com/docs/protocol#error-codes
CONNECT_CODES: Mapping[str, int] = {
    "canceled": 1,
    "unknown": 2,
    "invalid_argument": 3,
    "deadline_exceeded": 4,
    "not_found": 5,
    "already_exists": 6,
    "permission_denied": 7,
    "resource_exhausted": 8,
    "failed_precondition": 9,
    "aborted": 10,
    "out_of_range": 11,
    "unimplemented": 12,
    "internal": 13,
    "unavailable": 14,
    "data_loss": 15,
    "unauthenticated": 16,
}

_FIRST_FIELD = 0x0A
_ONE_BYTE = 0x80
_TOO_MANY_DIGITS = 20


@attrs.frozen
class Complaint:
    """What a complaint says: gRPC's code, the detail's id or slug, the words, and how often a login has failed."""

    number: int | None = None
    id: str | None = None
    words: str = ""
    failed_attempts: int | None = None

    @property
    def code(self) -> int | str | None:
        """The id, or without one the number."""
        return self.number if self.id is None else self.id


def read_complaint(body: JSON) -> Complaint:
    """Read what *body* complains of, in whichever envelope; what is not there stays empty."""
    if not isinstance(body, Mapping):
        return Complaint()
    if isinstance(error := body.get("error"), str):
        description = body.get("error_description")  # OAuth: RFC 6749, 5.2
        return Complaint(id=error, words=description if isinstance(description, str) else "")
    code = body.get("code")
    number = CONNECT_CODES.get(code) if isinstance(code, str) else _int_or_none(code)
    words = body.get("message")
    details = body.get("details")
    parts = [_said(detail) for detail in details if isinstance(detail, Mapping)] if isinstance(details, list) else []
    return Complaint(
        number,
        next((name for part in parts if (name := _id_of(part)) is not None), None),
        words if isinstance(words, str) else "",
        next((count for part in parts if (count := _attempts_of(part)) is not None), None),
    )


def _said(detail: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Return a detail's fields: they stand in it, or in what Connect adds for readers, or in protobuf only."""
    if "value" not in detail:
        return detail
    debug = detail.get("debug")
    if isinstance(debug, Mapping):
        return debug
    found = _first_text(detail["value"])
    return {} if found is None else {"id": found}


def _first_text(value: JSON) -> str | None:
    """Read field 1 of a protobuf message in base64: the id of every detail there is."""
    try:
        message = b64decode(f"{value}===") if isinstance(value, str) else b""
        if len(message) > 1 and message[0] == _FIRST_FIELD and message[1] < _ONE_BYTE:
            return message[2 : 2 + message[1]].decode()
    except ValueError:  # no base64, or no UTF-8
        pass
    return None


def _id_of(detail: Mapping[str, JSON]) -> str | None:
    texts = (detail.get("id"), detail.get("slug"))
    return next((text for text in texts if isinstance(text, str) and text), None)


def _attempts_of(detail: Mapping[str, JSON]) -> int | None:
    count = detail.get("failedAttempts")
    if isinstance(count, str) and count.isascii() and count.isdigit() and len(count) < _TOO_MANY_DIGITS:
        return int(count)
    return _int_or_none(count)


def _int_or_none(value: JSON) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
