"""A user session, opened by way of a request token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ..options import check_approval
from ..ports import Ask
from ..tmdb.ending import delete_session
from ..tmdb.flow import V3, Approval
from ..tmdb.opening import user_session
from ..tmdb.sessions import UserSession

if TYPE_CHECKING:
    from ..pending import Pending


def _asks_plainly(strategy: RequestTokenLogin) -> bool:
    return type(strategy) is RequestTokenLogin and getattr(strategy.approval, "asks_plainly", False)


@attrs.frozen
class RequestTokenLogin:
    """Trade an approved request token for a v3 session.

    TMDB's three steps: fetch a token, have it approved, exchange it.
    """

    approval: Approval = attrs.field(validator=check_approval)
    asks_plainly: bool = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_asks_plainly, takes_self=True)
    )
    """Whether the approval asks plainly; an heir may put a time limit around it all, and must say so for itself."""

    @property
    def needs_human(self) -> bool:
        """Whether the approval waits for a person."""
        return getattr(self.approval, "needs_human", False)

    async def open(self, ask: Ask, /) -> UserSession:
        """Open a session for whoever approves; raises `NotApproved` when nobody does."""
        return user_session(await self.approval.approve(ask, V3))

    async def begin(self, ask: Ask, /) -> Pending:
        """Fetch a token for a user who approves by a `Redirect`."""
        from ..approvals.redirect import begin  # what not every program needs

        return await begin(self.approval, ask, V3)

    async def close(self, ask: Ask, session: UserSession, /) -> None:
        """Delete the session that was opened."""
        await ask(delete_session(session.id))
