"""The aiohttp client middlewares: one that signs for users, and two that the wire itself needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientHttpProxyError,
    ClientMiddlewareType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ServerDisconnectedError,
)
from yarl import URL

from ..values import Request
from .target import query

Middleware = ClientMiddlewareType
"""An aiohttp client middleware."""

_REPEATED = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""What aiohttp sends once more by itself when a connection breaks, unless it is kept from that."""

_UNAUTHORIZED = 401

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""What it may so repeat: of a delete it must be known whether *not found* answers a repeat."""


def signing_middleware(
    url: str, sign: Callable[[Request], Awaitable[Request]], refused: Callable[[Request], object]
) -> Middleware:
    """Return an aiohttp client middleware that signs requests to *url*'s origin, and no other.

    Who signs is told which were *refused*, by a 401, whose body is the caller's to read.
    """
    base = URL(url)
    home = _origin(base)
    prefix = base.raw_path.rstrip("/")

    async def middleware(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        path = sent.url.raw_path
        if _origin(sent.url) != home or not path.startswith(f"{prefix}/"):
            return await handler(sent)
        request = Request(sent.method, path[len(prefix) :])
        signed = await sign(request)
        if signed.authorization:
            sent.headers["Authorization"] = signed.authorization
        if signed.params:
            sent.url = sent.url.update_query(query(signed.params))
        answer = await handler(sent)
        if answer.status == _UNAUTHORIZED:
            refused(request)
        return answer

    return middleware


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    """Return what tells *url*'s origin from others; its own would tell a port that is said from one that is not."""
    return url.scheme, url.raw_host, url.port


class _Broke(ClientError):
    """The connection broke, in a class that aiohttp does not answer by sending again."""


async def _no_repeat(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    try:
        return await handler(sent)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError):
        pass
    raise _Broke


def sending_once(client: ClientSession, request: Request, *, once: bool) -> Sequence[ClientMiddlewareType] | None:
    """Return *client*'s middlewares and one that keeps aiohttp from repeating *request*; `None` if none is needed.

    Without *once* nobody needs to know whether what is repeatable was sent twice.
    """
    method = request.method
    if method not in _REPEATED or (request.repeatable and (method in _READS or not once)):
        return None
    return (*own(client), _no_repeat)


def own(client: ClientSession) -> Sequence[ClientMiddlewareType]:
    """Return *client*'s own middlewares."""
    theirs: Sequence[ClientMiddlewareType] = getattr(client, "_middlewares", ())  # aiohttp has no public name for them
    return theirs


def true_request(url: URL, authorization: str | None) -> ClientMiddlewareType:
    """Return a middleware that sends to *url*, with *authorization*, what was announced to be for its template."""

    async def middleware(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        sent.url = url
        if authorization:
            sent.headers["Authorization"] = authorization
        try:
            return await handler(sent)
        except ClientHttpProxyError:
            raise
        except ClientResponseError:  # what traces is told it, with all that was sent
            pass
        raise _Broke

    return middleware
