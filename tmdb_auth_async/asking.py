"""Ask: sign a call, send it, read its answer, and ask again where that is safe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from time import monotonic
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from .deadlines import TimeLimit
from .errors import AppCredentialRefused, AuthError, NoAnswer, Refused, TimedOut
from .retrying import again, may_repeat
from .sent import Sent
from .service import Service, already_gone, read_answer, say
from .signed import Signed
from .signing import Signer
from .tally import Tally
from .values import Call, Request, Response, SessionValue
from .wire import Wire

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")

LINGER_S = 300.0
"""How long a creating request is still read after its asker gave up, in seconds."""


class Limiter(Protocol):
    """Lets so many requests a second through."""

    async def acquire(self) -> None:
        """Wait for a turn."""
        ...


class Asker:
    """Puts calls to one service, within one time budget a call.

    `timeout_s` bounds a request with its retries. What may be done twice gets half of
    what is left for each try, so that one hanging answer does not eat the budget.
    """

    def __init__(  # the parts of one manager, put together in one place
        self,
        wire: Wire,
        service: Service,
        *,
        signer: Signer,
        tally: Tally,
        timeout_s: float,
        retries: int,
        limiter: Limiter | None = None,
        once: bool = True,
    ) -> None:
        """Ask *service* over *wire*; without *once* nobody needs to know whether a delete was sent twice."""
        self._wire = wire
        self._service = service
        self._signer = signer
        self._tally = tally
        self._limiter = limiter
        self._at_once = signer.at_once if limiter is None else _not_at_once
        self._retries = retries
        self._once = once
        self.timeout_s = timeout_s
        self._half = TimeLimit(timeout_s / 2 if retries else timeout_s)
        self._whole = TimeLimit(timeout_s)
        self._long = TimeLimit(timeout_s + LINGER_S)

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program: signed by the app credential."""
        return self.ask(call)

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website."""
        query = f"?{urlencode(params)}" if params else ""
        return f"{self._service.website}{path}{query}"

    async def ask(
        self,
        call: Call[T],
        session: SessionValue | None = None,
        *,
        to_the_end: bool = False,
        sent: Sent | None = None,
    ) -> T:
        """Put *call*, signed by *session* if given; raises `Refused` or `NoAnswer`.

        With *to_the_end* an answer is waited for far beyond the budget, because what it
        creates must be closed; whoever asks so sees to the budget. Of what was *sent*
        the answer is awaited, in place of a first try.
        """
        request = call.request
        limit = self._long if to_the_end else self._half if request.repeatable else self._whole
        now = monotonic()
        ready: Signed | None = None
        interrupted = False
        try:
            task = limit.begin(now)
            if task is None:  # a middleware, within another request of the same task
                return await self._bounded(call, session, limit.after_s)
            cancels = task.cancelling()
            try:
                ready = self._at_once(request, session) if sent is None else sent.ready
                if ready is None:
                    ready = await self._ready(request, session)
                response = await (self._wire.send(ready, once=self._once) if sent is None else sent.answer())
            finally:
                interrupted = limit.end(task, cancels)
            return self._read(call, response, ready)
        except (Refused, NoAnswer) as error:
            failure: AuthError = error
        except asyncio.CancelledError:
            if not interrupted:
                raise
            failure = _timed_out(request, ready)
        started = now if sent is None else sent.started
        return await self._after(failure, call, session, started=started, to_the_end=to_the_end)

    def sends(self, call: Call[Any]) -> Sent | None:
        """Return *call* as the program sends it, or `None` where that may not change hands on its way.

        It may where nothing must be waited for first, and nothing of a stranger's runs meanwhile.
        """
        ready = self._at_once(call.request, None) if self._wire.is_ours else None
        return None if ready is None else Sent(ready, self._wire.send(ready, once=self._once), started=monotonic())

    def read(self, call: Call[T], sent: Sent) -> T:
        """Return what *call* is answered by, once it was *sent* and answered; raises `Refused` or `NoAnswer`."""
        if sent.response is None:
            raise RuntimeError
        return self._read(call, sent.response, sent.ready)

    def stop(self) -> None:
        """Forget every time limit: nothing is asked any more."""
        for limit in (self._half, self._whole, self._long):
            limit.stop()

    async def _after(  # all that is known of the first try
        self, failure: AuthError, call: Call[T], session: SessionValue | None, *, started: float, to_the_end: bool
    ) -> T:
        """Go on after the first try failed, or raise *failure*."""
        request, deadline = call.request, started + self.timeout_s
        more_s = LINGER_S if to_the_end else 0.0
        if (
            isinstance(failure, AppCredentialRefused)
            and self._signer.is_asked(request, session)
            and self._signer.renews(started)
        ):
            try:
                return await self._bounded(call, session, deadline - monotonic() + more_s)
            except (Refused, NoAnswer) as error:
                failure = error
        if not self._retries or not may_repeat(request, failure):
            raise failure

        async def attempt(share_s: float) -> T:
            bound_s = share_s if request.repeatable else deadline - monotonic()
            try:
                return await self._bounded(call, session, bound_s + more_s)
            except Refused as error:
                refusal = error
            return already_gone(self._service, call, refusal)

        return await again(
            attempt,
            request,
            failure,
            retries=self._retries,
            now=monotonic,
            deadline=deadline,
            on_retry=self._count_retry,
        )

    async def _bounded(self, call: Call[T], session: SessionValue | None, most_s: float) -> T:
        ready: Signed | None = None
        try:
            async with asyncio.timeout(most_s):
                ready = await self._ready(call.request, session)
                response = await self._wire.send(ready, once=self._once)
                return self._read(call, response, ready)
        except TimeoutError:
            pass
        raise _timed_out(call.request, ready)

    def _read(self, call: Call[T], response: Response, ready: Signed) -> T:
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s answered %d", say(call.request), response.status)
        return read_answer(self._service, call, response, ready)

    async def _ready(self, request: Request, session: SessionValue | None) -> Signed:
        """Return *request* as it is sent, once its turn has come."""
        signed = await self._signer.signed(request, session, self)
        if self._limiter is not None:
            await self._limiter.acquire()
        return signed

    async def signed(self, request: Request, session: SessionValue | None) -> Request:
        """Return *request* signed by *session*, and by the app unless the session's own token does."""
        return (await self._signer.signed(request, session, self)).whole()

    def _count_retry(self) -> None:
        self._tally.retried += 1


def _timed_out(request: Request, ready: Signed | None) -> TimedOut:
    """Return the error for *request*, which was sent if it ever got *ready*."""
    if ready is None:
        return TimedOut(f"{say(request)}: its turn, or a credential, did not come in time; nothing was sent")
    message = f"{say(request)}: no answer in time; try again or give a longer timeout_s"
    return TimedOut(message, may_have_created=request.creates)


def _not_at_once(request: Request, session: SessionValue | None, /) -> Signed | None:
    """Return nothing: what is limited must first wait for its turn."""
    del request, session
    return None
