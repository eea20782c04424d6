"""A user's access token, opened by way of a v4 request token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ..options import check_approval
from ..ports import Ask
from ..tmdb.ending import delete_v4_access_token
from ..tmdb.flow import V4, Approval
from ..tmdb.opening import access_token_session
from ..tmdb.sessions import AccessTokenSession

if TYPE_CHECKING:
    from ..pending import Pending


@attrs.frozen
class V4Login:
    """Trade an approved v4 request token for a user's access token; needs a `BearerToken` as app credential."""

    approval: Approval = attrs.field(validator=check_approval)

    @property
    def needs_human(self) -> bool:
        """Whether the approval waits for a person."""
        return getattr(self.approval, "needs_human", False)

    async def open(self, ask: Ask, /) -> AccessTokenSession:
        """Open a session for whoever approves; raises `NotApproved` when nobody does."""
        return access_token_session(await self.approval.approve(ask, V4))

    async def begin(self, ask: Ask, /) -> Pending:
        """Fetch a token for a user who approves by a `Redirect`."""
        from ..approvals.redirect import begin  # what not every program needs

        return await begin(self.approval, ask, V4)

    async def close(self, ask: Ask, session: AccessTokenSession, /) -> None:
        """Delete the access token."""
        await ask(delete_v4_access_token(session.access_token))
