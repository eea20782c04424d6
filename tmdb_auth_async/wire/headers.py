"""The headers that requests are sent with."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import hdrs
from multidict import CIMultiDict

from ..unpacking import ACCEPTED

ACCEPTS: Mapping[str, str] = {hdrs.ACCEPT_ENCODING: ACCEPTED}
"""What every request has, be it by its own headers or by its client's."""


class Headers:
    """Headers as aiohttp has them, put together once for all requests that follow with the same credential."""

    __slots__ = ("_always", "_authorization", "_known")

    def __init__(self, always: Mapping[str, str]) -> None:
        """Put *always* among them."""
        self._always = always
        self._authorization: str | None = None
        self._known: dict[str | None, CIMultiDict[str]] = {}

    def of(self, media_type: str | None, authorization: str | None) -> CIMultiDict[str]:
        """Return the headers for a body of *media_type*, if there is one, with that credential, if any."""
        if authorization != self._authorization:
            self._authorization = authorization
            self._known = {}
        headers = self._known.get(media_type)
        if headers is None:
            headers = self._known[media_type] = CIMultiDict(self._always)
            if media_type is not None:
                headers[hdrs.CONTENT_TYPE] = media_type
            if authorization:
                headers[hdrs.AUTHORIZATION] = authorization
        return headers
