"""A login, the paths it goes by, and a manager for it."""

from __future__ import annotations

import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Password,
    RequestTokenLogin,
    SessionManager,
    SessionStore,
)
from tmdb_auth_async.testing import FakeTMDB


class Apart(RequestTokenLogin):
    """A login that does not say of itself that it asks plainly: it opens and closes in tasks of the manager's."""


ADA = RequestTokenLogin(Password("ada", "secret"))
APART = Apart(Password("ada", "secret"))
WAYS = pytest.mark.parametrize("ada", [ADA, APART], ids=["here", "apart"])
"""Both ways in which a session is opened and closed."""

DELETE = "/3/authentication/session"
CREATE = "/3/authentication/session/new"


def managed(
    fake: FakeTMDB, *, close_timeout_s: float = 2.0, timeout_s: float = 30.0, store: SessionStore | None = None
) -> SessionManager:
    """Return a manager of that TMDB."""
    return SessionManager(
        BearerToken(fake.read_access_token),
        service=TMDB.at(fake.url),
        store=store,
        close_timeout_s=close_timeout_s,
        timeout_s=timeout_s,
    )
