"""Approval by a link that is shown to somebody, on whatever device they have at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar, TypeVar

import attrs

from ..errors import (
    ApprovalDenied,
    ApprovalTimedOut,
    AuthError,
    NoAnswer,
    NotApproved,
    RateLimited,
    RequestTokenInvalid,
)
from ..options import check_function
from ..ports import Ask
from ..sealed import Sealed, secret, value
from ..tmdb.flow import Flow, Token
from .checks import positive
from .telling import tell

T = TypeVar("T")


@value
class ApprovalLink(Sealed):
    """The link to approve at and the time until which it is waited for (aware UTC); its `str()` is the URL."""

    url: str = secret()
    expires_at: datetime = attrs.field()

    def __str__(self) -> str:
        """Return the URL."""
        return self.url


@value
class Link:
    """Hand a link to *show* and ask every *poll_s* seconds whether somebody has approved; for terminals, TVs and bots.

    *show* is a plain function, run in a thread, or a coroutine function. *timeout_s* ends
    the wait, the request token's own life (an hour in v3, a quarter of one in v4) in any case.
    """

    needs_human: ClassVar[bool] = True

    show: Callable[[ApprovalLink], object] = attrs.field(validator=check_function)
    poll_s: float = attrs.field(default=2, kw_only=True, validator=positive)
    timeout_s: float | None = attrs.field(default=None, kw_only=True, validator=attrs.validators.optional(positive))

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Show the link, then ask until the answer is known, also by way of a service that is down for a while.

        Raises `ApprovalDenied`, `ApprovalTimedOut`, and what *show* raises.
        """
        token = await flow.fetch(ask, None)
        left_s, expires_at = flow.left_s(token), flow.ends_at(token)
        if self.timeout_s is not None and self.timeout_s < left_s:
            left_s, expires_at = self.timeout_s, datetime.now(UTC) + timedelta(seconds=self.timeout_s)
        deadline = asyncio.get_running_loop().time() + left_s
        await self._show(ApprovalLink(token.url, expires_at), deadline)
        return await self._poll(ask, flow, token, deadline)

    async def _show(self, link: ApprovalLink, deadline: float) -> None:
        limit = asyncio.timeout_at(deadline)
        try:
            async with limit:
                await tell(self.show, link)
        except TimeoutError:
            if not limit.expired():
                raise
        else:
            return
        raise _timed_out()

    async def _poll(self, ask: Ask, flow: Flow[T], token: Token, deadline: float) -> T:
        # No time limit is put around the exchange itself: it may create a session, so its answer must be read.
        now = asyncio.get_running_loop().time
        is_last = False
        lost: NoAnswer | None = None  # an answer that may have been the session
        while True:
            try:
                return await ask(flow.exchange(token.request_token))
            except (NotApproved, RequestTokenInvalid, RateLimited, NoAnswer) as error:
                failure: AuthError = error
            if isinstance(failure, NotApproved):
                lost = None  # it was none: a token is good for one session, and still waits
            elif isinstance(failure, NoAnswer) and failure.may_have_created:
                lost = failure
            if isinstance(failure, RequestTokenInvalid):
                raise lost or _denied(failure, is_last=is_last)
            if is_last:
                raise lost or (_timed_out() if isinstance(failure, NotApproved) else failure)
            wait_s = max(self.poll_s, getattr(failure, "retry_after_s", None) or 0.0)
            left_s = max(0.0, deadline - now())
            is_last = wait_s >= left_s
            await asyncio.sleep(min(wait_s, left_s))


def _denied(refusal: RequestTokenInvalid, *, is_last: bool) -> NotApproved:
    """Return what it means that a token which nobody else has is not known any more."""
    if is_last:
        return _timed_out()
    message = "the user said no: the request token is gone before its time"
    return ApprovalDenied(message, status=refusal.status, code=refusal.code)


def _timed_out() -> ApprovalTimedOut:
    return ApprovalTimedOut("nobody has approved in time: begin a new login")
