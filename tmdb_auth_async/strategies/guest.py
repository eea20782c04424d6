"""A guest session, for rating without an account."""

from __future__ import annotations

import attrs

from ..ports import Ask
from ..tmdb.opening import create_guest_session
from ..tmdb.sessions import GuestSession


@attrs.frozen
class Guest:
    """Open a guest session. TMDB asks for one a device, and has no way to delete one: it expires."""

    async def open(self, ask: Ask, /) -> GuestSession:
        """Create the guest session."""
        made = await ask(create_guest_session())
        return GuestSession(made.guest_session_id, made.expires_at)

    async def close(self, ask: Ask, session: GuestSession, /) -> None:
        """Ask for nothing: the guest session expires by itself."""
