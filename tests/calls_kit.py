"""TMDB's ten calls, each with what it asks and with the answer that TMDB documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import attrs

from tmdb_auth_async import JSON, TMDB, Call, Response, tmdb
from tmdb_auth_async.service import read_answer

TEXT = "2030-01-02 03:04:05 UTC"
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
TOKEN = "canary-request-token"
BEARER = "canary-access-token"
SESSION = "canary-session"
ACCOUNT = "4bc8892a017a3c0z92001001"
PASSWORD = "canary-password"


@attrs.frozen
class Row:
    """One of the ten: how it is called, asked, and answered."""

    call: Call[Any]
    method: str
    path: str
    body: JSON
    answer: dict[str, JSON]
    value: Any
    creates: bool = False

    def __str__(self) -> str:
        """Name the row."""
        return f"{self.method} {self.path}"


V3 = "/3/authentication"
ROWS = [
    Row(tmdb.validate_key(), "GET", V3, None, {"success": True}, tmdb.Acknowledged()),
    Row(
        tmdb.create_guest_session(),
        "GET",
        f"{V3}/guest_session/new",
        None,
        {"success": True, "guest_session_id": SESSION, "expires_at": TEXT},
        tmdb.CreatedGuestSession(SESSION, AT),
        creates=True,
    ),
    Row(
        tmdb.create_request_token(),
        "GET",
        f"{V3}/token/new",
        None,
        {"success": True, "expires_at": TEXT, "request_token": TOKEN},
        tmdb.RequestToken(TOKEN, AT),
    ),
    Row(
        tmdb.validate_with_login(TOKEN, "ada", PASSWORD),
        "POST",
        f"{V3}/token/validate_with_login",
        {"username": "ada", "password": PASSWORD, "request_token": TOKEN},
        {"success": True, "expires_at": TEXT, "request_token": TOKEN},
        tmdb.RequestToken(TOKEN, AT),
    ),
    Row(
        tmdb.create_session(TOKEN),
        "POST",
        f"{V3}/session/new",
        {"request_token": TOKEN},
        {"success": True, "session_id": SESSION},
        tmdb.CreatedSession(SESSION),
        creates=True,
    ),
    Row(
        tmdb.create_session_from_v4(BEARER),
        "POST",
        f"{V3}/session/convert/4",
        {"access_token": BEARER},
        {"success": True, "session_id": SESSION},
        tmdb.CreatedSession(SESSION),
        creates=True,
    ),
    Row(
        tmdb.delete_session(SESSION),
        "DELETE",
        f"{V3}/session",
        {"session_id": SESSION},
        {"success": True},
        tmdb.Acknowledged(),
    ),
    Row(
        tmdb.create_v4_request_token("https://app.example/back?x=1"),
        "POST",
        "/4/auth/request_token",
        {"redirect_to": "https://app.example/back?x=1"},
        {"success": True, "status_code": 1, "status_message": "Success.", "request_token": TOKEN},
        tmdb.V4RequestToken(TOKEN),
    ),
    Row(
        tmdb.create_v4_access_token(TOKEN),
        "POST",
        "/4/auth/access_token",
        {"request_token": TOKEN},
        {
            "success": True,
            "status_code": 1,
            "status_message": "Success.",
            "account_id": ACCOUNT,
            "access_token": BEARER,
        },
        tmdb.V4AccessToken(BEARER, ACCOUNT),
        creates=True,
    ),
    Row(
        tmdb.delete_v4_access_token(BEARER),
        "DELETE",
        "/4/auth/access_token",
        {"access_token": BEARER},
        {"success": True, "status_code": 13, "status_message": "The item/record was deleted successfully."},
        tmdb.Acknowledged(),
    ),
]
NEEDED = [
    (row, name)
    for row in ROWS
    for name in row.answer
    if name in attrs.fields_dict(type(row.value)) and name != "success"
]


def read(row: Row, body: object, *, status: int = 200) -> object:
    """Read *body* as the answer to the row's call."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_answer(TMDB, row.call, Response(status, content, "application/json;charset=utf-8"))
