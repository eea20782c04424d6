"""The headers that requests are sent with."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientSession, hdrs
from multidict import CIMultiDict

from ..unpacking import ACCEPTED

ACCEPTS: Mapping[str, str] = {hdrs.ACCEPT_ENCODING: ACCEPTED}
"""What every request has, be it by its own headers or by its client's."""


class Headers:
    """What requests are told beside their client's own headers, put together once for all that are told the same."""

    __slots__ = ("_always", "_authorization", "_given", "_other", "given")

    def __init__(self, always: Mapping[str, str]) -> None:
        """Put *always* among them."""
        self._always = always
        self._given: dict[str | None, CIMultiDict[str]] = {}
        self._other: dict[str | None, CIMultiDict[str]] = {}
        self._authorization: str | None = None
        self.given: str | None = None
        """The credential that the client sends by itself."""

    def give(self, client: ClientSession, authorization: str | None) -> None:
        """Let *client* send *authorization*, if any, by itself: aiohttp merges the headers of each request anew."""
        self.given = authorization or None
        if authorization:
            client.headers[hdrs.AUTHORIZATION] = authorization

    def of(self, media_type: str | None, authorization: str | None) -> CIMultiDict[str]:
        """Return the headers for a body of *media_type*, if there is one, with that credential, if any."""
        known = self._given
        if authorization != self.given:
            if authorization != self._authorization:
                self._authorization, self._other = authorization, {}
            known = self._other
        headers = known.get(media_type)
        if headers is None:
            headers = known[media_type] = CIMultiDict(self._always)
            if media_type is not None:
                headers[hdrs.CONTENT_TYPE] = media_type
            if authorization and authorization != self.given:
                headers[hdrs.AUTHORIZATION] = authorization
        return headers


def signs_by_itself(client: ClientSession) -> bool:
    """Say whether *client* may send a credential that nobody here has given it."""
    return hdrs.AUTHORIZATION in client.headers or client.auth is not None or client.trust_env


async def unsigned(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send a request without the credential that its client was given: a middleware of aiohttp's."""
    sent.headers.popall(hdrs.AUTHORIZATION, None)
    return await handler(sent)
