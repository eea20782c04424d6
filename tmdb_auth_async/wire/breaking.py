"""What is raised when a request breaks: our errors for those of aiohttp, whose texts hold the URL."""

from __future__ import annotations

from aiohttp import ClientError, ClientSSLError, InvalidURL

from ..errors import AuthError, NotConfigured, TimedOut, Unreachable, Unreadable
from ..service import say
from ..signed import Signed
from ..unpacking import Garbled
from ..values import Request
from .departure import NEVER_SENT, Departure, raised_after


def translated(signed: Signed, error: Exception, departure: Departure | None) -> AuthError | None:
    """Return our error for *error*, whose own text may hold the URL; `None` for a stranger's own.

    That one passes as it is, so that its author sees it, unless a session may be lost with it.
    """
    request = signed.request
    late = departure is not None and departure.may_have_left
    if isinstance(error, NEVER_SENT) and not late:  # else a middleware has sent again what got no answer
        return _never_sent(request, error)
    if isinstance(error, InvalidURL):
        return NotConfigured(f"{say(request)}: aiohttp cannot send to this URL")
    if isinstance(error, ClientError | OSError | EOFError | Garbled):
        return _broken(request, error)
    if late:
        return raised_after(request, error) if request.creates else None
    is_unsendable = isinstance(error, ValueError)
    if is_unsendable or departure is not None:
        signed.left = False
    return _unsendable(request) if is_unsendable else None


def _never_sent(request: Request, error: Exception) -> AuthError:
    if isinstance(error, TimeoutError):
        return TimedOut(f"{say(request)}: no connection came in time, nothing was sent; give a longer timeout_s")
    if isinstance(error, ClientSSLError):
        return Unreachable(
            f"{say(request)}: TLS failed; check the host, its certificate and this machine's clock", sent=False
        )
    return Unreachable(f"{say(request)}: no connection to the service; check the network and the URL", sent=False)


def _broken(request: Request, error: Exception) -> AuthError:
    if isinstance(error, TimeoutError):
        return TimedOut(f"{say(request)}: the client's own time limit ran out", may_have_created=request.creates)
    if isinstance(error, Garbled):
        return Unreadable(f"{say(request)}: the answer cannot be unpacked", may_have_created=request.creates)
    return Unreachable(
        f"{say(request)}: the connection broke before the answer was read", may_have_created=request.creates
    )


def _unsendable(request: Request) -> NotConfigured:
    return NotConfigured(
        f"{say(request)}: this cannot be sent; check the method, the path for its first slash, the credential for line"
        " breaks, every text for characters that are no Unicode, and a borrowed client for auth=, a netrc entry or a"
        " middleware of its own"
    )
