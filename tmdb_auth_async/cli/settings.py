"""What a command works with: what its options say."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import attrs

from .. import TMDB, AppCredential, NotConfigured, Request, SessionManager
from ..tmdb import TMDBService
from .screen import Screen

TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 5.0


class _NoCredential:
    """Stands where a command asks the service for nothing, and signs nothing."""

    def sign(self, request: Request, /) -> Request:
        """Refuse."""
        message = f"{request.method} {request.path} is not sent without a credential"
        raise NotConfigured(message)


NO_CREDENTIAL = _NoCredential()
"""For commands that only look into the store."""


@attrs.frozen(kw_only=True)
class Settings:
    """The options that commands share: where TMDB is, where sessions are kept, how to answer."""

    url: str | None = None
    store: str | None = None
    as_json: bool = False

    @property
    def service(self) -> TMDBService:
        """TMDB itself, or what stands in for it; raises `NotConfigured` for a URL that cannot be."""
        return TMDB if self.url is None else TMDB.at(self.url)

    def screen(self) -> Screen:
        """Return where the command speaks."""
        return Screen(as_json=self.as_json)

    def manager(self, app: AppCredential) -> SessionManager:
        """Return a manager that keeps its sessions in a file."""
        from .holding import SharedFile  # only where sessions are kept

        store = SharedFile(self.store, note=self.screen().note)
        return SessionManager(
            app, service=self.service, store=store, timeout_s=TIMEOUT_S, close_timeout_s=CLOSE_TIMEOUT_S
        )

    @asynccontextmanager
    async def looking(self) -> AsyncGenerator[SessionManager]:
        """Give a manager that only looks into the store: nothing is asked, nothing recovered."""
        manager = self.manager(NO_CREDENTIAL)
        try:
            yield manager
        finally:
            await manager.aclose()
