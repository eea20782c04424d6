"""One try of a call: signed, sent when its turn has come, and read."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol, TypeVar

from ..errors import TimedOut
from ..ports import Ask
from ..service import Service, read_answer, say
from ..signed import Signed
from ..values import Call, Request, Response, SessionValue
from ..wire import Wire
from .signer import Signer

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Limiter(Protocol):
    """Lets so many requests a second through."""

    async def acquire(self) -> None:
        """Wait for a turn."""
        ...


class Tries:
    """What every try at one service is made with.

    Who asks it names the *ask* by which a credential is fetched, if one must be.
    """

    __slots__ = ("_limiter", "_signer", "at_once", "once", "service", "signed", "wire")

    def __init__(
        self, wire: Wire, service: Service, *, signer: Signer, limiter: Limiter | None = None, once: bool = True
    ) -> None:
        """Ask *service* over *wire*; without *once* nobody needs to know whether a delete was sent twice."""
        self.wire = wire
        self.service = service
        self.once = once
        self._signer = signer
        self._limiter = limiter
        self.signed = signer.signed
        self.at_once = signer.at_once if limiter is None else _not_at_once

    async def ready(self, request: Request, session: SessionValue | None, ask: Ask) -> Signed:
        """Return *request* as it is sent, once its turn has come."""
        signed = await self.signed(request, session, ask)
        if self._limiter is not None:
            await self._limiter.acquire()
        return signed

    def read(self, call: Call[T], response: Response, ready: Signed) -> T:
        """Return what *response* answers to *call*; raises `Refused` or `NoAnswer`."""
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s answered %d", say(call.request), response.status)
        return read_answer(self.service, call, response, ready)

    async def within(self, call: Call[T], session: SessionValue | None, ask: Ask, most_s: float) -> T:
        """Try once, for *most_s* seconds at most."""
        ready, response = await self.answered(call.request, session, ask, most_s)
        return self.read(call, response, ready)

    async def answered(
        self, request: Request, session: SessionValue | None, ask: Ask, most_s: float
    ) -> tuple[Signed, Response]:
        """Return *request* as it was sent and what it was answered by, within *most_s* seconds."""
        ready: Signed | None = None
        try:
            async with asyncio.timeout(most_s):
                ready = await self.ready(request, session, ask)
                return ready, await self.wire.send(ready, once=self.once)
        except TimeoutError:
            pass
        raise timed_out(request, ready)

    def signs_anew(self, request: Request, session: SessionValue | None, refused: Signed | None) -> bool:
        """Say whether *request*, *refused* as it was sent, would be signed by another app credential now."""
        return self._signer.is_asked(request, session) and self._signer.renews(refused)


def timed_out(request: Request, ready: Signed | None) -> TimedOut:
    """Return the error for *request*, which was sent if it ever got *ready*."""
    if ready is None:
        return TimedOut(f"{say(request)}: its turn, or a credential, did not come in time; nothing was sent")
    message = f"{say(request)}: no answer in time; try again or give a longer timeout_s"
    return TimedOut(message, may_have_created=request.creates)


def _not_at_once(request: Request, session: SessionValue | None, /) -> Signed | None:
    """Return nothing: what is limited must first wait for its turn."""
    del request, session
    return None
