"""Ada's logins at ZITADEL, and what the fake saw of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

SESSIONS = "/v2/sessions"
ONE = "/v2/sessions/{session_id}"
PASSWORD = ZitadelLogin("ada", password="secret")


def sent(fake: FakeZitadel) -> list[str]:
    """List what arrived, method and path."""
    return [f"{one.method} {one.path}" for one in fake.requests]


def coded(fake: FakeZitadel, give: Callable[[], Any] | None = None, **settings: Any) -> ZitadelLogin:
    """Log ada in by password and by what *give* gives, the right code unless it is said."""
    return ZitadelLogin("ada", password="secret", totp=give or (lambda: fake.totp_code("ada")), **settings)
