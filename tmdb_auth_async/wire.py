"""What carries a request: the only client-side user of aiohttp."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import quote, urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientHttpProxyError,
    ClientMiddlewareType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    ServerDisconnectedError,
    ServerFingerprintMismatch,
)
from yarl import URL

from .errors import AuthError, NotConfigured, SessionClosed, TimedOut, Unreachable, Unreadable
from .origin import checked_url
from .service import say
from .unpacking import ACCEPTED, Garbled, unpacker
from .values import Request, Response, Scalar, shown_path

Client = ClientSession
"""What carries requests; a borrowed one is never closed here."""

Middleware = ClientMiddlewareType
"""An aiohttp client middleware."""

_REPEATED = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""What aiohttp sends once more by itself when a connection breaks, unless it is kept from that."""

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""What it may so repeat: of a delete it must be known whether *not found* answers a repeat."""

_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None)
_BARE = {"Accept-Encoding": ACCEPTED}
_JSON = {"Content-Type": "application/json", **_BARE}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", **_BARE}
_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*").fullmatch
"""Whether a text may stand in a path or a query as it is."""

_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_TEMPLATE = _SAFE_PATH + "{}"


class _NoCookies(DummyCookieJar):
    """Keeps no cookie, and does not read one either: aiohttp logs the name of one that it cannot read."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Leave what the service sets unread."""


class Wire:
    """Sends requests to one service, over a client of its own or a borrowed one.

    It sets no time limit: whoever asks does. A borrowed `ClientSession` keeps its
    connector, proxy, tracing and middlewares, and is never closed here. What traces is
    told where a request starts and ends by its path's template, without query or credential.
    """

    def __init__(self, url: str, client: ClientSession | None = None) -> None:
        """Send to the service at *url*, whose path is put before every request's.

        Raises `NotConfigured` for a URL that is neither https nor on this machine.
        """
        self._url = checked_url(url)
        self._client = client
        self._owns = client is None
        self._closed = False

    async def send(self, request: Request) -> Response:
        """Send *request* once and read the whole answer; raises `NoAnswer` in terms that show no secret."""
        client = self._client
        if client is None or client.closed:
            client = self._usable()
        failure: AuthError
        try:
            url = URL(self._url + target(request), encoded=True)
            data, headers = _content(request)
            middlewares = _sending_once(client, request)
            if client.trace_configs:
                # What traces is told the template: the true request is put together behind its back.
                middlewares = (_true(url, request.authorization), *(middlewares or _own(client)))
                url = URL(self._url + quote(shown_path(request.path), safe=_SAFE_TEMPLATE), encoded=True)
            elif request.authorization:
                headers = {**headers, "Authorization": request.authorization}
            response = await client.request(
                request.method,
                url,
                data=data,
                headers=headers,
                allow_redirects=False,
                raise_for_status=False,
                auto_decompress=False,
                timeout=_NO_TIMEOUT,
                middlewares=middlewares,
            )
            try:
                body = await _read(response, request.max_bytes)
            except BaseException:
                response.close()
                raise
            if body is not None:
                return _response(response, body)
            response.close()
            failure = Unreadable(
                f"{say(request)}: the answer is larger than {request.max_bytes} bytes; raise max_bytes to read it",
                may_have_created=request.creates,
            )
        except (ClientError, OSError, EOFError, Garbled) as error:
            failure = _translated(request, error)
        except ValueError:
            failure = NotConfigured(
                f"{say(request)}: this cannot be sent; check the method, the path for its first slash, the credential"
                " for line breaks, every text for characters that are no Unicode, and a borrowed client for auth= or a"
                " netrc entry of its own"
            )
        raise failure

    def _usable(self) -> ClientSession:
        if self._closed:
            message = "the manager is closed: open a new one"
            raise SessionClosed(message)
        if not self._owns:
            message = "the borrowed aiohttp.ClientSession is closed: keep it open for as long as the manager"
            raise NotConfigured(message)
        self._client = ClientSession(cookie_jar=_NoCookies(), timeout=_NO_TIMEOUT)
        return self._client

    async def aclose(self) -> None:
        """Close the client, if it is ours; nothing can be sent afterwards. Twice is fine."""
        self._closed = True
        client, self._client = self._client, None
        if self._owns and client is not None:
            await client.close()


def signing_middleware(url: str, sign: Callable[[Request], Awaitable[Request]]) -> Middleware:
    """Return an aiohttp client middleware that signs requests to *url*'s origin, and no other."""
    base = URL(url)
    origin = base.origin()
    prefix = base.raw_path.rstrip("/")

    async def middleware(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        path = sent.url.raw_path
        if sent.url.origin() == origin and path.startswith(f"{prefix}/"):
            signed = await sign(Request(sent.method, path[len(prefix) :]))
            if signed.authorization:
                sent.headers["Authorization"] = signed.authorization
            if signed.params:
                sent.url = sent.url.update_query(_query(signed.params))
        return await handler(sent)

    return middleware


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


def _sending_once(client: ClientSession, request: Request) -> Sequence[ClientMiddlewareType] | None:
    """Return *client*'s middlewares and one that keeps aiohttp from repeating *request*; `None` if none is needed."""
    method = request.method
    if method not in _REPEATED or (request.repeatable and method in _READS):
        return None
    return (*_own(client), _no_repeat)


def _own(client: ClientSession) -> Sequence[ClientMiddlewareType]:
    own: Sequence[ClientMiddlewareType] = getattr(client, "_middlewares", ())  # aiohttp has no public name for them
    return own


def _true(url: URL, authorization: str | None) -> ClientMiddlewareType:
    """Return a middleware that sends to *url*, with *authorization*, what was announced to be for its template."""

    async def middleware(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        sent.url = url
        if authorization:
            sent.headers["Authorization"] = authorization
        return await handler(sent)

    return middleware


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def target(request: Request) -> str:
    """Return the path and query that *request* is sent to, placeholders filled and everything quoted."""
    path = request.path
    if request.fills:
        for name, value in request.fills.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
    if not _PLAIN(path):
        path = quote(path, safe=_SAFE_PATH)
    if path[:1] != "/":
        raise ValueError  # it would go on with the host's name: to another host
    params = request.params
    if not params:
        return path
    if len(params) == 1:
        ((only, scalar),) = params.items()
        if isinstance(scalar, str) and _PLAIN(scalar) and _PLAIN(only):
            return f"{path}?{only}={scalar}"  # nine in ten queries: a session's id and nothing else
    return f"{path}?{urlencode(_query(params))}"


def _query(params: Mapping[str, Scalar]) -> dict[str, str]:
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def _content(request: Request) -> tuple[bytes | None, dict[str, str]]:
    if request.json is not None:
        return _encode(request.json).encode(), _JSON
    if request.form is not None:
        return urlencode(request.form).encode(), _FORM
    return None, _BARE


async def _read(response: ClientResponse, most: int) -> bytes | None:
    """Read the body, or return `None` as soon as it is longer than *most* bytes."""
    length = response.content_length
    if length is not None and length > most:
        return None
    coding = response.headers.get("Content-Encoding")
    packed = unpacker(coding) if coding else None
    if length is not None and packed is None:
        return await response.read()
    parts: list[bytes] = []
    packed_most = most + most // 256 + 1024  # what cannot be made smaller gets a little larger by packing
    async for piece in response.content.iter_any():
        part = piece if packed is None else packed.unpack(piece, most + 1)
        parts.append(part)
        most -= len(part)
        packed_most -= len(piece)
        if most < 0 or packed_most < 0:
            return None
    return b"".join(parts)


def _response(response: ClientResponse, body: bytes) -> Response:
    headers = response.headers
    return Response(response.status, body, headers.get("Content-Type", ""), headers.get("Retry-After"))


def _translated(request: Request, error: Exception) -> AuthError:
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
