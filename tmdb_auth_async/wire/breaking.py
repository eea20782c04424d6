"""What is raised when a request breaks: our errors for those of aiohttp, whose texts hold the URL."""

from __future__ import annotations

from aiohttp import (
    ClientConnectorError,
    ClientHttpProxyError,
    ClientSSLError,
    InvalidURL,
    ServerFingerprintMismatch,
)

from ..errors import AuthError, NotConfigured, TimedOut, Unreachable, Unreadable
from ..service import say
from ..unpacking import Garbled
from ..values import Request


def translated(request: Request, error: Exception) -> AuthError:
    """Return our error for *error*, whose own text may hold the URL."""
    if isinstance(error, InvalidURL):
        return NotConfigured(f"{say(request)}: aiohttp cannot send to this URL")
    if isinstance(error, ClientSSLError):
        return Unreachable(
            f"{say(request)}: TLS failed; check the host, its certificate and this machine's clock", sent=False
        )
    if isinstance(error, TimeoutError):
        return TimedOut(f"{say(request)}: the client's own time limit ran out", may_have_created=request.creates)
    if isinstance(error, Garbled):
        return Unreadable(f"{say(request)}: the answer cannot be unpacked", may_have_created=request.creates)
    if isinstance(error, ClientConnectorError | ClientHttpProxyError | ServerFingerprintMismatch):
        return Unreachable(f"{say(request)}: no connection to the service; check the network and the URL", sent=False)
    return Unreachable(
        f"{say(request)}: the connection broke before the answer was read", may_have_created=request.creates
    )
