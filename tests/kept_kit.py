"""What the tests of kept sessions share: a durable store that tells when it saves, a web login, a clock."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tmdb_auth_async import Password, Redirect, RequestTokenLogin, Session, SessionManager
from tmdb_auth_async.keeping import ends, kept
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .people import callback

LOGIN = RequestTokenLogin(Password("ada", "secret"))
DELETE = "/3/authentication/session"

_WEB = RequestTokenLogin(Redirect("https://films.example/callback"))


class ByHand(RequestTokenLogin):
    """A login that says it needs a person."""

    @property
    def needs_human(self) -> bool:
        """Whether it does."""
        return True


BY_HAND = ByHand(Password("ada", "secret"))


class TellingStore(SQLiteStore):
    """A store that tells when a session is about to be saved."""

    def __init__(self, path: Path) -> None:
        """Keep in the file *path*."""
        super().__init__(path)
        self.saving = asyncio.Event()

    async def save(self, name: str, text: str, /, *keys: str) -> None:
        """Tell, and save."""
        self.saving.set()
        await super().save(name, text, *keys)


def on(fake: FakeTMDB, path: Path) -> AbstractAsyncContextManager[SessionManager]:
    """Give a manager whose store is the file *path*."""
    return plain(fake, store=SQLiteStore(path))


async def completed(manager: SessionManager, name: str = "default") -> Session:
    """Log in by way of the web, under *name*."""
    pending = await manager.begin(_WEB)
    return await manager.complete(pending, urlsplit(await callback(pending.url)).query, name=name)


def set_clock(monkeypatch: pytest.MonkeyPatch, *, ahead: timedelta) -> None:
    """Put the clock by which kept sessions end *ahead* of the right time."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # as whoever asks takes it
            return datetime.now(tz) + ahead

    for module in (ends, kept):
        monkeypatch.setattr(module, "datetime", Clock)
