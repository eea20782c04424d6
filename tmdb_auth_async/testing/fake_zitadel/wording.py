"""How ZITADEL writes sessions, details and times: protobuf's JSON, where what is zero is left out."""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from .complaints import Complaint
from .state import LiveSession, ZitadelState

_DURATION = re.compile(r"(-?)([0-9]{1,12}(?:\.[0-9]{1,9})?)s")
_LONGEST_S = timedelta(days=365_000).total_seconds()


def details(state: ZitadelState, session: LiveSession) -> dict[str, object]:
    """Write what is noted of a change; the time of the creation is not among it."""
    return {
        "sequence": str(session.sequence),
        "changeDate": moment(session.changed_at_s),
        "resourceOwner": state.instance_id,
    }


def described(state: ZitadelState, session: LiveSession) -> dict[str, object]:
    """Write a session for whoever may read it: its token is not among it."""
    body: dict[str, object] = {
        "id": session.session_id,
        "creationDate": moment(session.created_at_s),
        "changeDate": moment(session.changed_at_s),
        "sequence": str(session.sequence),
    }
    if session.user is not None:
        factors: dict[str, object] = {
            kind: {"verifiedAt": moment(at_s)} for kind, at_s in session.verified_at_s.items() if kind != "user"
        }
        body["factors"] = {
            "user": {
                "verifiedAt": moment(session.verified_at_s["user"]),
                "id": session.user.user_id,
                "loginName": session.user.login_name,
                "displayName": session.user.login_name,
                "organizationId": state.organization_id,
            },
            **factors,
        }
    if session.metadata:
        body["metadata"] = {name: base64.b64encode(data).decode() for name, data in session.metadata.items()}
    if session.user_agent is not None:
        body["userAgent"] = session.user_agent
    if session.expires_at_s is not None:
        body["expirationDate"] = moment(session.expires_at_s)
    return body


def moment(moment_s: float) -> str:
    """Write a time in RFC 3339, such as `2026-01-31T12:00:00.250000Z`."""
    return datetime.fromtimestamp(moment_s, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: str) -> float:
    """Read a time in RFC 3339."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        pass
    raise Complaint(3, "invalid google.protobuf.Timestamp value")


def read_duration(text: str) -> float:
    """Read a duration such as `3600s` or `0.5s`, which must be more than nothing."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise Complaint(3, "invalid google.protobuf.Duration value")
    seconds = float(found[2])
    if found[1] or not 0 < seconds < _LONGEST_S:
        raise Complaint("COMMAND-asEG4")
    return seconds


def read_bytes(value: object) -> bytes:
    """Read bytes in base64, padded or not, in either alphabet."""
    if isinstance(value, str):
        plain = value.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except binascii.Error:
            pass
    raise Complaint(3, "invalid value for bytes field metadata")
