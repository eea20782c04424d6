"""Send a request, over a client of our own or a borrowed one."""

from __future__ import annotations

import sys

from aiohttp import ClientSession, hdrs

from ..errors import AuthError, NotConfigured, SessionClosed, Unreadable
from ..origin import checked_url
from ..service import say
from ..signed import Signed
from ..values import Response
from .breaking import translated
from .client import make_client, settings
from .departure import departure_of
from .elsewhere import ELSEWHERE, is_elsewhere, lost_elsewhere
from .handing import Handing
from .headers import ACCEPTS, Headers
from .lanes import AT_ONCE, Lanes
from .middlewares import own
from .reading import body_at_hand, read_body
from .urls import Urls

_SWITCHING_PROTOCOLS = 101

Client = ClientSession
"""What carries requests; a borrowed one is never closed here."""


class Wire:
    """Sends requests to one service, over a client of its own or a borrowed one.

    It sets a time limit for the connection alone: whoever asks sets one for the answer. A
    borrowed `ClientSession` keeps its connector, proxy, tracing and middlewares, and is
    never closed here. What traces is told where a request starts and ends by its path's
    template, without query or credential.
    """

    def __init__(self, url: str, client: ClientSession | None = None, *, connect_s: float | None = None) -> None:
        """Send to the service at *url*, whose path is put before every request's.

        A request that has no connection within *connect_s* seconds is not sent any more.
        Raises `NotConfigured` for a URL that is neither https nor on this machine.
        """
        self._headers = Headers({} if client is None else ACCEPTS)
        self._settings = settings(connect_s)
        self._handing = Handing(Urls(checked_url(url)), self._headers, self._settings)
        self._client = client
        self._owns = client is None
        self._is_ours = False
        self._closed = False
        self._lanes = Lanes(AT_ONCE if client is None else sys.maxsize)  # a borrowed one has a limit of its own

    @property
    def is_ours(self) -> bool:
        """Whether it sends over a client of its own, in which nothing of a stranger's runs, not even what traces."""
        return self._is_ours

    async def send(self, signed: Signed, *, once: bool = True) -> Response:
        """Send a request and read the whole answer; raises `NoAnswer` in terms that show no secret.

        Without *once* aiohttp may send what is repeatable again by itself, as it does when a
        connection that it had kept turns out to be gone.
        """
        client = self._client
        if client is None or (not self._is_ours and client.closed):
            client = self._usable(signed)
        request, lanes, handing = signed.request, self._lanes, self._handing
        failure: AuthError | None
        departure = None if self._is_ours else departure_of(request, client)
        if lanes.free:
            lanes.free -= 1
        else:
            await lanes.wait()
        try:
            signed.left = True
            response = await (
                handing.own(client, signed, once=once)
                if self._is_ours
                else handing.shared(client, signed, once=once, departure=departure)
            )
            body = None if departure is not None and departure.is_traced else body_at_hand(response)
            if body is None:
                try:
                    body = await read_body(response, request.max_bytes)
                except BaseException:
                    response.close()
                    raise
            if response.status == _SWITCHING_PROTOCOLS:
                response.close()  # it would keep its connection for what comes after HTTP
            if body is not None and len(body) <= request.max_bytes:
                headers = response.headers
                return Response(
                    response.status, body, headers.get(hdrs.CONTENT_TYPE, ""), headers.get(hdrs.RETRY_AFTER)
                )
            response.close()
            failure = Unreadable(
                f"{say(request)}: the answer is larger than {request.max_bytes} bytes;"
                " read it by request(..., max_bytes=...)",
                may_have_created=request.creates,
            )
        except Exception as error:
            failure = translated(signed, error, departure) or lost_elsewhere(signed, client)
            if failure is None:
                raise
        finally:
            lanes.free += 1
            if lanes.waiting:
                lanes.fill_soon()
        raise failure

    def check_loop(self) -> None:
        """Raise `NotConfigured` where its client belongs to another event loop than the one that runs."""
        client = self._client
        if client is not None and not client.closed and is_elsewhere(client):
            raise NotConfigured(ELSEWHERE)

    def _usable(self, signed: Signed) -> ClientSession:
        if self._closed:
            message = "the manager is closed: open a new one"
            raise SessionClosed(message)
        if not self._owns:
            message = "the borrowed aiohttp.ClientSession is closed: keep it open for as long as the manager"
            raise NotConfigured(message)
        client = self._client = make_client(self._settings)
        self._is_ours = not client.trace_configs and not own(client)  # what instruments aiohttp is in every client
        if self._is_ours:
            self._headers.give(client, signed.authorization)  # the app's, most often, which signs them all
        return client

    async def aclose(self) -> None:
        """Close the client, if it is ours; nothing can be sent afterwards. Twice is fine."""
        self._closed = True
        client, self._client = self._client, None
        if self._owns and client is not None:
            try:
                await client.close()
            except RuntimeError:  # what is left of it ends in the loop that it belongs to
                if not is_elsewhere(client):
                    raise
