"""Approval in the browser of this machine, which comes back to a server of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import attrs

from ..errors import ApprovalDenied, ApprovalTimedOut, NotApproved, NotAttempted, Refused, RequestTokenInvalid
from ..options import check_function
from ..ports import Ask
from ..sealed import value
from ..tmdb.callback import Said, bound, said, unguessable
from ..tmdb.flow import Flow
from .beside import Beside
from .checks import positive
from .telling import tell

T = TypeVar("T")


def _open(url: str) -> bool:
    import webbrowser  # only where a browser is to be opened

    return webbrowser.open(url)


@value
class Browser:
    """Open the approval page in a browser of this machine, which a server on 127.0.0.1 then waits for.

    *open_url* gets the page's URL: a plain function, run in a thread, or a coroutine
    function; `False`, or a `webbrowser.Error`, means that there is no browser. Nobody
    waits for it to return. By default it is `webbrowser.open`. *timeout_s* is how long
    the user has.
    """

    needs_human: ClassVar[bool] = True

    open_url: Callable[[str], object] = attrs.field(default=_open, kw_only=True, validator=check_function)
    timeout_s: float = attrs.field(default=300, kw_only=True, validator=positive)

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Open the browser, wait for it to come back, and exchange the token.

        Raises `ApprovalDenied`, `ApprovalTimedOut`, `NotAttempted` where no browser is
        to be had, and what *open_url* raises.
        """
        from .loopback import Loopback  # brings a web server along

        state = unguessable()
        try:
            loopback = Loopback[Said](unguessable())
        except OSError:
            loopback = None
        if loopback is None:
            message = "no port of 127.0.0.1 is to be had for the browser to come back to"
            raise NotAttempted(message)
        async with Beside() as beside, loopback:
            token = await flow.fetch(ask, bound(loopback.url, state))

            def judge(query: Mapping[str, str]) -> Said | None:
                return said(query, flow, state=state, request_token=token.request_token)

            await loopback.listen(judge)
            opening = beside.start(tell(self.open_url, token.url))
            answer = await _answer(loopback.came, opening, min(self.timeout_s, flow.left_s(token)))
            return await _exchange(ask, flow, token.request_token, answer)


async def _answer(came: asyncio.Future[Said], opening: asyncio.Task[object], left_s: float) -> Said:
    """Return what the user said, once the browser has come back within *left_s* seconds."""
    now = asyncio.get_running_loop().time
    deadline = now() + left_s
    both: set[asyncio.Future[Any]] = {came, opening}
    await asyncio.wait(both, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
    if not came.done() and opening.done():
        if _no_browser(opening):
            message = "no browser could be opened here: use Link(show), or Password(username, password)"
            raise NotAttempted(message)
        opening.result()
        await asyncio.wait({came}, timeout=max(0.0, deadline - now()))
    if not came.done():
        message = "nobody has approved in time: begin a new login"
        raise ApprovalTimedOut(message)
    return came.result()


def _no_browser(opening: asyncio.Task[object]) -> bool:
    import webbrowser  # only its error is needed here, and it was loaded to be raised

    failure = opening.exception()
    return isinstance(failure, webbrowser.Error) or (failure is None and not opening.result())


async def _exchange(ask: Ask, flow: Flow[T], request_token: str, answer: Said) -> T:
    """Exchange the token of a user who has come back."""
    if answer is Said.NO:
        message = "the user said no"
        raise ApprovalDenied(message)
    try:
        return await ask(flow.exchange(request_token))
    except (NotApproved, RequestTokenInvalid) as error:
        refusal: Refused = error
    if answer is Said.NOTHING:
        message = "the user came back without having approved"
        raise ApprovalDenied(message, status=refusal.status, code=refusal.code)
    raise refusal
