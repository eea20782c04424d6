"""The call that ends a session at ZITADEL."""

from __future__ import annotations

from ..values import Call, Request
from .answers import Details

SESSION = "/v2/sessions/{session_id}"


def terminate_session(session_id: str, session_token: str | None = None) -> Call[Details]:
    """Terminate an existing session: `DELETE /v2/sessions/{session_id}`; a second time is fine.

    With a token that is the only thing checked, whatever the caller may do: it must be
    the latest. Without one the session must be the caller's own, or the caller hold the
    permission `session.delete`. Raises `PermissionDenied`, and plain `Refused` for a
    404: a wrong host, or a caller who is a member of nothing.
    """
    body = {"sessionToken": session_token} if session_token else None
    return Call(Request("DELETE", SESSION, {"session_id": session_id}, json=body), Details, member="details")
