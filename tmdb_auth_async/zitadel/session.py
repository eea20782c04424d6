"""ZITADEL's session: what it signs with, and how it ends."""

from __future__ import annotations

from datetime import datetime

from ..errors import PermissionDenied
from ..ports import Ask
from ..records import Recorded
from ..sealed import secret, value
from ..signed import Signed, Signs
from .answers import ChangedSession
from .ending import terminate_session

WRONG_TOKEN = "COMMAND-sGr42"  # noqa: S105  # the id of a complaint, not a token


@value
class ZitadelSession(Recorded, Signs):
    """A session at ZITADEL: its token is the bearer of every request, which is then the user's own."""

    id: str = secret()
    token: str = secret()
    expires_at: datetime | None = None

    def put_on(self, signed: Signed, /) -> None:
        """Send the session's token in place of the app's."""
        signed.authorization = f"Bearer {self.token}"

    def changed(self, answer: ChangedSession, /) -> ZitadelSession:
        """Return the session as a set has left it: with the new token, if there is one."""
        return ZitadelSession(self.id, answer.session_token or self.token, self.expires_at)

    async def close(self, ask: Ask, /) -> None:
        """Terminate the session by its latest token.

        A token that is refused may be one that a set has replaced, whose answer was
        lost: then the app's own right to terminate is tried, once.
        """
        try:
            await ask(terminate_session(self.id, self.token))
        except PermissionDenied as error:
            if error.code != WRONG_TOKEN:
                raise
        else:
            return
        await ask(terminate_session(self.id))
