"""How a request is handed to aiohttp: the URL, the body, the headers, and what must run around it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from aiohttp import ClientResponse, ClientSession

from ..signed import Signed
from .client import Settings
from .departure import Departure
from .headers import Headers, signs_by_itself, unsigned
from .middlewares import own, sending_once, true_request
from .target import content
from .urls import Urls

Answering = Coroutine[Any, Any, ClientResponse]


class Handing:
    """Hands requests to clients."""

    __slots__ = ("_headers", "_settings", "_urls")

    def __init__(self, urls: Urls, headers: Headers, settings: Settings) -> None:
        """Send to *urls*, with *headers*; *settings* are what a client must be told that is not set to them."""
        self._urls = urls
        self._headers = headers
        self._settings = settings

    def own(self, client: ClientSession, signed: Signed, *, once: bool) -> Answering:
        """Return a request over *client*, a client of our own, which is set as it shall be."""
        request, authorization = signed.request, signed.authorization
        url = self._urls.of(request, signed.params)
        middlewares = sending_once(client, request, once=once)
        data, media_type = content(request)
        if not authorization and self._headers.given:
            middlewares = (unsigned, *(middlewares or ()))
        # To unpack no settings below, as `shared` does, would cost a hundredth of the request.
        return client.request(
            request.method,
            url,
            data=data,
            headers=self._headers.of(media_type, authorization),
            allow_redirects=False,
            middlewares=middlewares,
        )

    def shared(self, client: ClientSession, signed: Signed, *, once: bool, departure: Departure | None) -> Answering:
        """Return a request over *client*, in which others' code may run: then *departure* is told when it leaves."""
        request, authorization = signed.request, signed.authorization
        url = self._urls.of(request, signed.params)
        middlewares = sending_once(client, request, once=once)
        data, media_type = content(request)
        if departure is not None:
            middlewares = (*(middlewares or own(client)), departure)
        if not authorization and signs_by_itself(client):
            middlewares = (unsigned, *(middlewares or own(client)))
        if client.trace_configs:
            # The true request is put together behind its back.
            middlewares = (true_request(url, authorization), *(middlewares or own(client)))
            url = self._urls.template(request.path)
            authorization = None
        return client.request(
            request.method,
            url,
            data=data,
            headers=self._headers.of(media_type, authorization),
            allow_redirects=False,
            middlewares=middlewares,
            **self._settings,
        )
