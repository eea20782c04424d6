"""ZITADEL's session API v2 as calls, but for the one that ends a session."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from ..values import JSON, Call, Request
from .answers import ChangedSession, CreatedSession, ZitadelSessionInfo
from .bodies import session_body, user_check
from .ending import SESSION
from .session import ZitadelSession

MYSELF = ""
"""The `creator_id` that means whoever asks."""


def create_session(
    *,
    login_name: str | None = None,
    user_id: str | None = None,
    password: str | None = None,
    totp: str | None = None,
    lifetime_s: float | None = None,
    metadata: Mapping[str, bytes] | None = None,
) -> Call[CreatedSession]:
    """Create a session, with the checks that are given: `POST /v2/sessions`.

    Without *lifetime_s*, in seconds, it never expires. A refused create stores nothing.
    Raises `LoginRefused`, `AccountUnavailable`, and `NotConfigured` for what cannot be.
    """
    body = session_body(
        user=user_check(login_name, user_id), password=password, totp=totp, lifetime_s=lifetime_s, metadata=metadata
    )
    opens = functools.partial(created_session, lifetime_s)
    return Call(Request("POST", "/v2/sessions", json=body, creates=True), CreatedSession, opens=opens)


def set_session(
    session_id: str,
    *,
    password: str | None = None,
    totp: str | None = None,
    lifetime_s: float | None = None,
    metadata: Mapping[str, bytes] | None = None,
) -> Call[ChangedSession]:
    """Check more of a session, or change it: `PATCH /v2/sessions/{session_id}`.

    The answer's token replaces the one before, which is dead from then on; without one
    nothing has changed. A session that a manager holds does not learn of its new token: its
    requests are refused from then on, and a close has the app's own right to terminate, and
    no token. So set what `create_session` made for you. A metadata value of `b""` removes its
    key. Raises `LoginRefused`, and `SessionNotFound` for a session that is terminated or expired.
    """
    body = session_body(password=password, totp=totp, lifetime_s=lifetime_s, metadata=metadata)
    return Call(Request("PATCH", SESSION, {"session_id": session_id}, json=body), ChangedSession)


def get_session(session_id: str, session_token: str | None = None) -> Call[ZitadelSessionInfo]:
    """Read a session: `GET /v2/sessions/{session_id}`.

    It must be the caller's own, made by the caller or opened by *session_token*, or the
    caller hold `session.read`. Raises `SessionNotFound` and `PermissionDenied`.
    """
    params = {"sessionToken": session_token} if session_token else None
    return Call(Request("GET", SESSION, {"session_id": session_id}, params), ZitadelSessionInfo, member="session")


def search_sessions(
    *,
    ids: Iterable[str] | None = None,
    user_id: str | None = None,
    creator_id: str | None = None,
    limit: int | None = None,
    offset: int | None = None,
) -> Call[tuple[ZitadelSessionInfo, ...]]:
    """Search the sessions that the caller may read, the oldest first: `POST /v2/sessions/search`.

    All that is given must fit. *creator_id* is who made a session, `MYSELF` for the
    caller. Expired sessions are listed until they are terminated.
    """
    queries: list[JSON] = []
    if ids is not None:
        queries.append({"idsQuery": {"ids": list(ids)}})
    if user_id is not None:
        queries.append({"userIdQuery": {"id": user_id}})
    if creator_id is not None:
        queries.append({"creatorQuery": {} if creator_id == MYSELF else {"id": creator_id}})
    query: dict[str, JSON] = {"asc": True}
    if offset is not None:
        query["offset"] = str(offset)
    if limit is not None:
        query["limit"] = limit
    body: JSON = {"query": query, "queries": queries, "sortingColumn": "SESSION_FIELD_NAME_CREATION_DATE"}
    request = Request("POST", "/v2/sessions/search", json=body, repeatable=True)
    return Call(request, tuple[ZitadelSessionInfo, ...], member="sessions")


def created_session(lifetime_s: float | None, made: CreatedSession) -> ZitadelSession:
    """Return the session that *made* is; it expires a lifetime after its creation."""
    created_at = made.details.creation_date or made.details.change_date or datetime.now(UTC)
    expires_at = None
    if lifetime_s is not None and timedelta(seconds=lifetime_s) < datetime.max.replace(tzinfo=UTC) - created_at:
        expires_at = created_at + timedelta(seconds=lifetime_s)
    return ZitadelSession(made.session_id, made.session_token, expires_at)
