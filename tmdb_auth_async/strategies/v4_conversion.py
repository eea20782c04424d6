"""A v3 session made from a user's v4 access token."""

from __future__ import annotations

from typing import Any

import attrs

from ..errors import NotConfigured, SessionNotFound
from ..ports import Ask, Strategy
from ..tmdb.ending import delete_session
from ..tmdb.opening import create_session_from_v4
from ..tmdb.sessions import ConvertedSession


@attrs.frozen
class V4Conversion:
    """Open *source*, a `V4Login` or a `BearerToken` with a user's access token, and convert it to a v3 session."""

    source: Strategy[Any]

    @property
    def needs_human(self) -> bool:
        """Whether the source waits for a person."""
        return getattr(self.source, "needs_human", False)

    async def open(self, ask: Ask, /) -> ConvertedSession:
        """Convert what *source* opened; raises `PermissionDenied` for an app's own read access token."""
        source = await self.source.open(ask)
        access_token = getattr(source, "access_token", None)
        if access_token is None:
            message = "V4Conversion needs a source with an access token: V4Login(...) or BearerToken(user_token)"
            raise NotConfigured(message)
        made = await ask(create_session_from_v4(access_token))
        return ConvertedSession(made.session_id, access_token, getattr(source, "account_id", None), source)

    async def close(self, ask: Ask, session: ConvertedSession, /) -> None:
        """Delete the session, then close the source, whatever became of the first."""
        try:
            await ask(delete_session(session.id))
        except SessionNotFound:
            pass
        finally:
            await self.source.close(ask, session.source)
