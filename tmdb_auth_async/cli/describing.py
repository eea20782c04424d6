"""Kept sessions in words that show no secret."""

from __future__ import annotations

import shlex
from datetime import datetime

import attrs

from .. import NotConfigured, NotLoggedIn, Session, SessionManager
from ..keeping.naming import looks_like_credential
from ..tmdb import GuestSession

GUEST = "guest"
UNREADABLE = "unreadable"


@attrs.frozen(kw_only=True)
class Described:
    """What may be told of a kept session: its name, its kind, and when it ends by itself."""

    name: str
    kind: str
    expires_at: datetime | None = None

    @property
    def ends(self) -> str:
        """When it ends, in the local time of whoever reads it; in UTC where no calendar has that."""
        if self.expires_at is None:
            return "at logout"
        try:
            return f"{self.expires_at.astimezone():%Y-%m-%d %H:%M}"
        except (OverflowError, ValueError, OSError):  # by the system
            return f"{self.expires_at:%Y-%m-%d %H:%M} UTC"

    def data(self) -> dict[str, str | None]:
        """Return it as JSON, the time in UTC."""
        expires_at = None if self.expires_at is None else self.expires_at.isoformat()
        return {"name": self.name, "kind": self.kind, "expires_at": expires_at}


def describe(name: str, session: Session) -> Described:
    """Describe the *session* kept under *name*."""
    return Described(name=name, kind=_kind(session), expires_at=session.expires_at)


def called(name: str) -> str:
    """Quote *name* for what is said beside an answer, unless it looks like a credential."""
    return "the name given (not shown: it looks like a credential)" if looks_like_credential(name) else repr(name)


async def described(manager: SessionManager, name: str) -> Described:
    """Describe what is kept under *name*, be it readable or not; raises `NotLoggedIn` as `resumed` does."""
    try:
        return describe(name, await resumed(manager, name))
    except NotConfigured as error:
        if not error.unreadable:
            raise
    return Described(name=name, kind=UNREADABLE)


async def resumed(manager: SessionManager, name: str) -> Session:
    """Return the session kept under *name*; raises `NotLoggedIn` in the words of the command line."""
    try:
        return await manager.resume(name)
    except NotLoggedIn:
        pass
    message = f"nobody is logged in as {called(name)}: run {_opening(name)}"
    raise NotLoggedIn(message)


def _opening(name: str) -> str:
    """Return the command that opens a session under *name*, as a shell reads it."""
    if name == GUEST:
        return "tmdb-auth guest"
    if name in {"", "default"}:
        return "tmdb-auth login"
    return f"tmdb-auth login --name {'...' if looks_like_credential(name) else shlex.quote(name)}"


def _kind(session: Session) -> str:
    if isinstance(session.value, GuestSession):
        return GUEST
    if session.access_token is None:
        return "user"
    return "user, v4" if session.id is None else "user, v3 and v4"
