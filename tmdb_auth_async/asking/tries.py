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
from .trail import Trail

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Limiter(Protocol):
    """Lets so many requests a second through."""

    def has_capacity(self) -> bool:
        """Say whether it is anybody's turn."""
        ...

    async def acquire(self) -> None:
        """Wait for a turn."""
        ...


class Tries:
    """What every try at one service is made with.

    Who asks it names the *ask* by which a credential is fetched, if one must be.
    """

    __slots__ = ("_signer", "at_once", "limiter", "once", "service", "signed", "wire")

    def __init__(
        self, wire: Wire, service: Service, *, signer: Signer, limiter: Limiter | None = None, once: bool = True
    ) -> None:
        """Ask *service* over *wire*; without *once* nobody needs to know whether a delete was sent twice."""
        self.wire = wire
        self.service = service
        self.once = once
        self._signer = signer
        self.limiter = limiter
        self.signed = signer.signed
        self.at_once = signer.at_once

    async def turn(self, request: Request, most_s: float) -> bool:
        """Wait for the turn of *request* where there is a limit, and say whether that took time.

        Raises `TimedOut` when it did not come within *most_s* seconds.
        """
        limiter = self.limiter
        if limiter is None:
            return False
        if limiter.has_capacity():
            await limiter.acquire()
            return False
        try:
            async with asyncio.timeout(most_s):
                await limiter.acquire()
        except TimeoutError:
            pass
        else:
            return True
        raise timed_out(request, None)

    def read(self, call: Call[T], response: Response, ready: Signed) -> T:
        """Return what *response* answers to *call*; raises `Refused` or `NoAnswer`."""
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s answered %d", say(call.request), response.status)
        return read_answer(self.service, call, response, ready)

    async def within(
        self, call: Call[T], session: SessionValue | None, ask: Ask, most_s: float, *, trail: Trail | None = None
    ) -> T:
        """Try once, for *most_s* seconds at most."""
        ready, response = await self.answered(call.request, session, ask, most_s, trail=trail)
        return self.read(call, response, ready)

    async def answered(
        self, request: Request, session: SessionValue | None, ask: Ask, most_s: float, *, trail: Trail | None = None
    ) -> tuple[Signed, Response]:
        """Return *request* as it was sent and what it was answered by, within *most_s* seconds."""
        ready: Signed | None = None
        try:
            async with asyncio.timeout(most_s):
                ready = await self.signed(request, session, ask)
                if trail is not None:
                    trail.goes_on(ready)
                return ready, await self.wire.send(ready, once=self.once)
        except TimeoutError:
            pass
        raise timed_out(request, ready)

    def signs_anew(self, request: Request, session: SessionValue | None, refused: Signed | None) -> bool:
        """Say whether *request*, *refused* as it was sent, would be signed by another app credential now."""
        return self._signer.is_asked(request, session) and self._signer.renews(refused)


def timed_out(request: Request, ready: Signed | None) -> TimedOut:
    """Return the error for *request*, which may have left if it got *ready* and so far."""
    if ready is None or not ready.left:
        return TimedOut(f"{say(request)}: its turn, or a credential, did not come in time; nothing was sent")
    message = f"{say(request)}: no answer in time; try again or give a longer timeout_s"
    return TimedOut(message, may_have_created=request.creates)
