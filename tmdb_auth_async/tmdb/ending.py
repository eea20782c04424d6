"""The calls that end a session at TMDB."""

from __future__ import annotations

from ..errors import SessionNotFound
from ..values import Call, Request
from .answers import Acknowledged


def delete_session(session_id: str) -> Call[Acknowledged]:
    """Delete a v3 session: `DELETE /3/authentication/session`; an unknown one is `SessionNotFound`."""
    request = Request("DELETE", "/3/authentication/session", json={"session_id": session_id})
    return Call(request, Acknowledged, not_found=SessionNotFound)


def delete_v4_access_token(access_token: str) -> Call[Acknowledged]:
    """Delete a user's access token: `DELETE /4/auth/access_token`; an unknown one is `SessionNotFound`."""
    request = Request("DELETE", "/4/auth/access_token", json={"access_token": access_token})
    return Call(request, Acknowledged, not_found=SessionNotFound)
