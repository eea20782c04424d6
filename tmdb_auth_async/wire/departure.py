"""Whether a request may have left, known where others' code runs in the client that carries it."""

from __future__ import annotations

from aiohttp import (
    ClientConnectorError,
    ClientHandlerType,
    ClientHttpProxyError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ConnectionTimeoutError,
    ServerFingerprintMismatch,
)

from ..errors import Unreadable
from ..service import say
from ..values import Request
from .middlewares import own

NEVER_SENT = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError, ServerFingerprintMismatch)
"""What aiohttp raises before it has a connection to send over."""


class Departure:
    """The innermost middleware of one request: whatever runs outside of it may raise, before or after."""

    __slots__ = ("is_traced", "may_have_left")

    def __init__(self, *, is_traced: bool) -> None:
        """Begin before anything is sent."""
        self.is_traced = is_traced
        self.may_have_left = False

    async def __call__(self, sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send the request; a `ValueError` is aiohttp's, for what cannot be written."""
        before, self.may_have_left = self.may_have_left, True
        try:
            return await handler(sent)
        except (*NEVER_SENT, ValueError):
            self.may_have_left = before
            raise


def departure_of(request: Request, client: ClientSession) -> Departure | None:
    """Return what shall know it of *request* over *client*, which is not all ours; `None` if nobody need know."""
    is_traced = bool(client.trace_configs)
    return Departure(is_traced=is_traced) if is_traced or request.creates or own(client) else None


def raised_after(request: Request, error: Exception) -> Unreadable:
    """Return our error for a stranger's *error*, met once *request*, which creates, may have left."""
    return Unreadable(
        f"{say(request)}: a middleware, a trace or another part of the client raised {type(error).__name__} after this"
        " had been sent, and took the answer away: mend it",
        may_have_created=request.creates,
    )
