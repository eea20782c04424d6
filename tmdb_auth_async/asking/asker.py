"""Ask: sign a call, send it, read its answer, and ask again where that is safe."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode

from ..deadlines import TimeLimit
from ..errors import AppCredentialRefused, AuthError, NoAnswer, Refused
from ..retrying import again, may_repeat
from ..service import already_gone
from ..signed import Signed
from ..tally import Tally
from ..values import Call, Request, SessionValue
from .sent import Sent
from .trail import Trail
from .tries import Tries, timed_out

T = TypeVar("T")

LINGER_S = 300.0
"""How long a creating request is still read after its asker gave up, in seconds."""


class Asker:
    """Puts calls to one service, within one time budget a call.

    `timeout_s` bounds a request with its retries. What may be done twice gets half of
    what is left for each try, so that one hanging answer does not eat the budget.
    """

    def __init__(self, tries: Tries, *, tally: Tally, timeout_s: float, retries: int) -> None:
        """Ask by *tries*, so many *retries* after the first."""
        self._tries = tries
        self._tally = tally
        self._retries = retries
        self.timeout_s = timeout_s
        check = tries.wire.check_loop
        self._half = TimeLimit(timeout_s / 2 if retries else timeout_s, begins=check)
        self._whole = TimeLimit(timeout_s, begins=check)
        self._long = TimeLimit(timeout_s + LINGER_S, begins=check)

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program: signed by the app credential."""
        return self.ask(call)

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website."""
        query = f"?{urlencode(params)}" if params else ""
        return f"{self._tries.service.website}{path}{query}"

    async def ask(
        self,
        call: Call[T],
        session: SessionValue | None = None,
        *,
        to_the_end: bool = False,
        sent: Sent | None = None,
        trail: Trail | None = None,
    ) -> T:
        """Put *call*, signed by *session* if given; raises `Refused` or `NoAnswer`.

        With *to_the_end* an answer is waited for far beyond the budget, because what it
        creates must be closed; whoever asks so sees to the budget, and to the *trail* for
        what has not left. Of what was *sent* the answer is awaited, in place of a first try.
        """
        tries, request = self._tries, call.request
        limit = self._long if to_the_end else self._half if request.repeatable else self._whole
        now = monotonic()
        is_late = tries.limiter is not None and sent is None and await tries.turn(request, self.timeout_s)
        ready: Signed | None = None
        interrupted = False
        try:
            task = None if is_late else limit.begin(now)
            if task is None:  # or a middleware, within another request of the same task
                most_s = self._left_s(limit, now) if is_late else limit.after_s
                ready, response = await tries.answered(request, session, self, most_s, trail=trail)
                return tries.read(call, response, ready)
            cancels = task.cancelling()
            try:
                ready = tries.at_once(request, session) if sent is None else sent.ready
                if ready is None:
                    ready = await tries.signed(request, session, self)
                if trail is not None:
                    trail.goes_on(ready)
                response = await (tries.wire.send(ready, once=tries.once) if sent is None else sent.answer())
            finally:
                interrupted = limit.end(task, cancels)
            return tries.read(call, response, ready)
        except (Refused, NoAnswer) as error:
            failure: AuthError = error
        except asyncio.CancelledError:
            if not interrupted:
                raise
            failure = timed_out(request, ready)
        trail = Trail(ready) if trail is None else trail
        started = now if sent is None else sent.started
        return await self._after(failure, call, session, trail=trail, started=started, to_the_end=to_the_end)

    def sends(self, call: Call[Any]) -> Sent | None:
        """Return *call* as the program sends it, or `None` where that may not change hands on its way.

        It may where nothing must be waited for first, and nothing of a stranger's runs meanwhile.
        """
        tries = self._tries
        ready = tries.at_once(call.request, None) if tries.wire.is_ours and tries.limiter is None else None
        return None if ready is None else Sent(ready, tries.wire.send(ready, once=tries.once), started=monotonic())

    def read(self, call: Call[T], sent: Sent) -> T:
        """Return what *call* is answered by, once it was *sent* and answered; raises `Refused` or `NoAnswer`."""
        if sent.response is None:
            raise RuntimeError
        return self._tries.read(call, sent.response, sent.ready)

    def stop(self) -> None:
        """Forget every time limit: nothing is asked any more."""
        for limit in (self._half, self._whole, self._long):
            limit.stop()

    async def _after(  # all that is known of the first try
        self,
        failure: AuthError,
        call: Call[T],
        session: SessionValue | None,
        *,
        trail: Trail,
        started: float,
        to_the_end: bool,
    ) -> T:
        """Go on after the first try failed, or raise *failure*."""
        tries, request, deadline = self._tries, call.request, started + self.timeout_s
        more_s = LINGER_S if to_the_end else 0.0
        if isinstance(failure, AppCredentialRefused) and tries.signs_anew(request, session, trail.ready):
            trail.waits()
            try:
                await tries.turn(request, deadline - monotonic())
                return await tries.within(call, session, self, deadline - monotonic() + more_s, trail=trail)
            except (Refused, NoAnswer) as error:
                failure = error
        if not self._retries or not may_repeat(request, failure):
            raise failure
        trail.waits()

        async def attempt(share_s: float) -> T:
            await tries.turn(request, deadline - monotonic())
            if trail.ready is not None and trail.ready.left:
                self._tally.retried += 1
            left_s = deadline - monotonic()
            most_s = min(share_s, left_s) if request.repeatable else left_s
            try:
                return await tries.within(call, session, self, most_s + more_s, trail=trail)
            except (Refused, NoAnswer) as error:
                failed = error
            if may_repeat(request, failed):
                trail.waits()
            if isinstance(failed, NoAnswer):
                raise failed
            return already_gone(tries.service, call, failed)

        return await again(attempt, request, failure, retries=self._retries, now=monotonic, deadline=deadline)

    def _left_s(self, limit: TimeLimit, started: float) -> float:
        """Return the share of *limit* in what is left of the time since *started*."""
        gone_s = monotonic() - started
        return limit.after_s - (gone_s / 2 if limit is self._half and self._retries else gone_s)

    async def signed(self, request: Request, session: SessionValue | None) -> Request:
        """Return *request* signed by *session*, and by the app unless the session's own token does."""
        return (await self._tries.signed(request, session, self)).whole()
