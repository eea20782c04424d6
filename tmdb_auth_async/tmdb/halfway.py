"""The second half of TMDB's logins, when the user comes back to a web service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from ..errors import ApprovalDenied, ApprovalTimedOut, NotApproved, RequestTokenInvalid
from ..ports import Ask
from ..records import Recorded
from ..sealed import secret, value
from ..values import SessionValue
from .callback import Said, said
from .flow import FLOWS


@value
class Halfway(Recorded):
    """A request token that its user is deciding on, and our own value that the callback must bring."""

    flow: str = attrs.field(validator=attrs.validators.in_(tuple(FLOWS)))
    request_token: str = secret()
    state: str = secret()
    expires_at: datetime = attrs.field()

    async def complete(self, ask: Ask, query: Mapping[str, str], /) -> SessionValue:
        """Exchange the request token, if *query* is the callback of this login.

        Raises `RequestTokenInvalid` for another login's callback and `ApprovalDenied`
        for a no, both before anything is sent; then what the service says.
        """
        flow = FLOWS[self.flow]
        answer = said(query, flow, state=self.state, request_token=self.request_token)
        if answer is None:
            message = "this callback belongs to another login, or was changed: begin a new one"
            raise RequestTokenInvalid(message)
        if answer is Said.NO:
            message = "the user said no"
            raise ApprovalDenied(message)
        try:
            made: Any = await ask(flow.exchange(self.request_token))
        except NotApproved as error:
            refusal = error
        else:
            return flow.session(made)
        raise _explained(refusal, answer, expires_at=self.expires_at)


def _explained(refusal: NotApproved, answer: Said, *, expires_at: datetime) -> NotApproved:
    """Return *refusal* in the terms of what is known of this login."""
    kind: type[NotApproved] = type(refusal)
    if datetime.now(UTC) >= expires_at:
        kind = ApprovalTimedOut
    elif answer is Said.NOTHING:
        kind = ApprovalDenied
    return kind(refusal.message, status=refusal.status, code=refusal.code)
