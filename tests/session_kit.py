"""Session values that are open already, and one request by each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tmdb_auth_async import (
    TMDB,
    AppCredential,
    Ask,
    BearerToken,
    SessionManager,
    tmdb,
)
from tmdb_auth_async.values import SessionValue

from .scripted import Scripted, http

TOKEN = "canary-app-token"
SESSION = "canary0session0id0f1e2d3c4b5a69788"
USER = "canary-user-token"
ACCOUNT = "4bc8892a017a3c0z92001001"
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
YES = http({"success": True})


class Opened:
    """A strategy whose session is open already."""

    def __init__(self, value: SessionValue) -> None:
        """Hand out *value*."""
        self.value = value

    async def open(self, ask: Ask, /) -> SessionValue:
        """Hand it out."""
        del ask
        return self.value

    async def close(self, ask: Ask, session: SessionValue, /) -> None:
        """Close nothing."""


V3 = tmdb.UserSession(SESSION)
V4 = tmdb.AccessTokenSession(USER, ACCOUNT)
BOTH = tmdb.ConvertedSession(SESSION, USER, ACCOUNT, V4)
GUEST = tmdb.GuestSession(SESSION, AT)


async def used(
    value: SessionValue, method: str, path: str, *, app: AppCredential | None = None, **more: Any
) -> tuple[str, Mapping[str, str]]:
    """Send one request by a session of *value*; return its target and headers."""
    async with (
        Scripted(YES) as server,
        SessionManager(app or BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(value)) as session,
    ):
        assert await session.request(method, path, **more) == {"success": True}
        assert server.arrived[0].method == method.upper()
        return server.arrived[0].target, server.arrived[0].headers
