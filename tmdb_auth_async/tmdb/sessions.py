"""TMDB's sessions: what each signs with, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from ..ports import Ask
from ..records import Recorded, is_durable
from ..sealed import secret, value
from ..signed import Signed, Signs
from ..values import Request, SessionValue
from .ending import delete_session, delete_v4_access_token, end_all


@value
class UserSession(Recorded, Signs):
    """A v3 session: its id goes into the query of every request."""

    id: str = secret()

    def put_on(self, signed: Signed, /) -> None:
        """Add `session_id`."""
        signed.params = {**signed.params, "session_id": self.id}

    async def close(self, ask: Ask, /) -> None:
        """Delete the session."""
        await ask(delete_session(self.id))


@value
class GuestSession(Recorded, Signs):
    """A guest session: its id goes into the query of every request."""

    ends_by_itself: ClassVar[bool] = True

    id: str = secret()
    expires_at: datetime = attrs.field()

    @property
    def fills(self) -> Mapping[str, str]:
        """What a path may have filled in."""
        return {"guest_session_id": self.id}

    def put_on(self, signed: Signed, /) -> None:
        """Add `guest_session_id`, unless the path holds it already."""
        fills = signed.request.fills
        if fills is None or "guest_session_id" not in fills:
            signed.params = {**signed.params, "guest_session_id": self.id}

    async def close(self, ask: Ask, /) -> None:
        """Ask for nothing: TMDB has no way to delete a guest session, it expires."""


@value
class AccessTokenSession(Recorded, Signs):
    """A user's v4 access token: it is the bearer of every request."""

    access_token: str = secret()
    account_id: str = secret()

    def put_on(self, signed: Signed, /) -> None:
        """Send the user's token in place of the app's."""
        signed.authorization = f"Bearer {self.access_token}"

    async def close(self, ask: Ask, /) -> None:
        """Delete the access token."""
        await ask(delete_v4_access_token(self.access_token))


@value
class ConvertedSession(Recorded):
    """A v3 session made from a user's access token: `/4/` requests carry the token, others the session."""

    id: str = secret()
    access_token: str = secret()
    account_id: str | None = secret()
    source: SessionValue = secret()

    def sign(self, request: Request, /) -> Request:
        """Sign as the source does for `/4/`, with `session_id` for everything else."""
        if request.path.startswith("/4/"):
            return self.source.sign(request)
        return request.with_param("session_id", self.id)

    async def close(self, ask: Ask, /) -> None:
        """Delete the session, then close its source, whatever became of the first."""
        source = self.source
        ends: list[Callable[[], Awaitable[object]]] = [lambda: ask(delete_session(self.id))]
        if is_durable(source):
            ends.append(lambda: source.close(ask))
        await end_all(*ends)
