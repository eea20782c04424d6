"""Ask calls of a server with a script, and see what is answered and how often it was asked."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest

from tmdb_auth_async import (
    TMDB,
    AppCredential,
    AuthError,
    BearerToken,
    Call,
    SessionManager,
    tmdb,
)

from .scripted import Act, Scripted, Step, http
from .showing import shown

T = TypeVar("T")

TOKEN = "canary-token-1f"
KEY = "canary-key-2f"
SECRET = "canary-secret-3f"
DAY = "2030-01-02 03:04:05 UTC"
YES = http({"success": True})
FRESH = http({"success": True, "request_token": SECRET, "expires_at": DAY})
MADE = http({"success": True, "session_id": SECRET})
GUEST = http({"success": True, "guest_session_id": SECRET, "expires_at": DAY})
GONE = http({"success": False, "status_code": 34, "status_message": f"No {SECRET}."}, status=404)
SLOWER = http({"success": False, "status_code": 25}, status=429)
OFFLINE = http({"success": False, "status_code": 9}, status=503)
BROKEN = http({"success": False, "status_code": 11}, status=500)
PAGE = http(b"<html>Bad gateway</html>", status=502, content_type="text/html")

CREATING: list[tuple[Call[Any], bytes]] = [
    (tmdb.create_session(SECRET), MADE),
    (tmdb.create_session_from_v4(SECRET), MADE),
    (tmdb.create_guest_session(), GUEST),
    (
        tmdb.create_v4_access_token(SECRET),
        http({"success": True, "access_token": SECRET, "account_id": "4bc8892a017a3c0z92001001"}),
    ),
]
HARMLESS: list[tuple[Call[Any], bytes]] = [
    (tmdb.validate_key(), YES),
    (tmdb.create_request_token(), FRESH),
    (tmdb.create_v4_request_token(), http({"success": True, "request_token": SECRET})),
    (tmdb.validate_with_login(SECRET, "ada", SECRET), FRESH),
    (tmdb.delete_session(SECRET), YES),
    (tmdb.delete_v4_access_token(SECRET), YES),
]


def name(value: object) -> str | None:
    """Name a case by its path, or by how it fails."""
    if isinstance(value, Call):
        return f"{value.request.method} {value.request.path}"
    return value.name if isinstance(value, Act) else None


def managed(
    server: Scripted, *, timeout_s: float = 5.0, retries: int = 3, app: AppCredential | None = None
) -> SessionManager:
    """Return a manager of that server, which does not wait long for a close."""
    return SessionManager(
        app or BearerToken(TOKEN),
        service=TMDB.at(server.url),
        timeout_s=timeout_s,
        retries=retries,
        close_timeout_s=0.2,
    )


async def asked(call: Call[T], *script: Step) -> tuple[T, int]:
    """Put *call* to a server of that script; return the answer and how many requests arrived."""
    async with Scripted(*script) as server, managed(server) as manager:
        return await manager.ask(call), len(server.arrived)


async def met(call: Call[Any], *script: Step, timeout_s: float = 5.0, retries: int = 3) -> tuple[AuthError, int]:
    """Put *call*; return the error that is met and how many requests arrived."""
    async with Scripted(*script) as server, managed(server, timeout_s=timeout_s, retries=retries) as manager:
        with pytest.raises(AuthError) as caught:
            await manager.ask(call)
        assert SECRET not in shown(caught.value)
        assert TOKEN not in shown(caught.value)
        return caught.value, len(server.arrived)
