"""What carries a request: the only client-side user of aiohttp."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientMiddlewareType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
)
from yarl import URL

from .errors import AuthError, NotConfigured, SessionClosed, Unreachable, Unreadable
from .service import say
from .values import Request, Response, Scalar

Client = ClientSession
"""What carries requests; a borrowed one is never closed here."""

Middleware = ClientMiddlewareType
"""An aiohttp client middleware."""

_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None)
_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"


class Wire:
    """Sends requests to one service, over a client of its own or a borrowed one.

    It sets no time limit: whoever asks does. A borrowed `ClientSession` keeps its
    connector, proxy, tracing and middlewares, and is never closed here.
    """

    def __init__(self, url: str, client: ClientSession | None = None) -> None:
        """Send to the service at *url*; its path is put before every request's."""
        self._url = url
        self._client = client
        self._owns = client is None
        self._closed = False

    async def send(self, request: Request) -> Response:
        """Send *request* once and read the whole answer; raises `NoAnswer` in terms that show no secret."""
        client = self._client
        if client is None or client.closed:
            client = self._usable()
        # aiohttp repeats a method of its list of idempotent ones on a dropped keep-alive connection; the list is of
        # upper case names, so a lower case one is sent (in upper case) once.
        method = request.method if request.repeatable else request.method.lower()
        url = URL(self._url + target(request), encoded=True)
        data, headers = _content(request)
        if request.authorization:
            headers = {**headers, "Authorization": request.authorization}
        failure: AuthError
        try:
            response = await client.request(
                method,
                url,
                data=data,
                headers=headers,
                allow_redirects=False,
                raise_for_status=False,
                timeout=_NO_TIMEOUT,
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
        except (ClientError, OSError, EOFError) as error:
            failure = _translated(request, error)
        except ValueError:
            failure = NotConfigured(
                f"{say(request)}: aiohttp refuses to send this; check the credential for line breaks, "
                "and a borrowed client for auth= or a netrc entry of its own"
            )
        raise failure

    def _usable(self) -> ClientSession:
        if self._closed:
            message = "the manager is closed: open a new one"
            raise SessionClosed(message)
        if not self._owns:
            message = "the borrowed aiohttp.ClientSession is closed: keep it open for as long as the manager"
            raise NotConfigured(message)
        self._client = ClientSession(cookie_jar=DummyCookieJar(), timeout=_NO_TIMEOUT)
        return self._client

    async def aclose(self) -> None:
        """Close the client, if it is ours; nothing can be sent afterwards. Twice is fine."""
        self._closed = True
        if self._owns and self._client is not None:
            await self._client.close()


def signing_middleware(url: str, sign: Callable[[Request], Awaitable[Request]]) -> Middleware:
    """Return an aiohttp client middleware that signs requests to *url*'s origin, and no other."""
    base = URL(url)
    origin = base.origin()

    async def middleware(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if sent.url.origin() == origin and sent.url.path.startswith(base.path):
            path = sent.url.path[len(base.path.rstrip("/")) :]
            signed = await sign(Request(sent.method, path))
            if signed.authorization:
                sent.headers["Authorization"] = signed.authorization
            if signed.params:
                sent.url = sent.url.update_query(_query(signed.params))
        return await handler(sent)

    return middleware


def target(request: Request) -> str:
    """Return the path and query that *request* is sent to, placeholders filled and everything quoted."""
    path = request.path
    if request.fills:
        for name, value in request.fills.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
    path = quote(path, safe=_SAFE_PATH)
    return f"{path}?{urlencode(_query(request.params))}" if request.params else path


def _query(params: Mapping[str, Scalar]) -> dict[str, str]:
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def _content(request: Request) -> tuple[bytes | None, dict[str, str]]:
    if request.json is not None:
        return json.dumps(request.json, separators=(",", ":")).encode(), _JSON
    if request.form is not None:
        return urlencode(request.form).encode(), _FORM
    return None, {}


async def _read(response: ClientResponse, most: int) -> bytes | None:
    """Read the body, or return `None` as soon as it is longer than *most* bytes."""
    length = response.content_length
    if length is not None and length > most:
        return None
    if length is not None and "Content-Encoding" not in response.headers:
        return await response.read()
    parts: list[bytes] = []
    async for part in response.content.iter_any():
        parts.append(part)
        most -= len(part)
        if most < 0:
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
    if isinstance(error, ClientConnectorError):
        return Unreachable(f"{say(request)}: no connection to the service; check the network and the URL", sent=False)
    return Unreachable(
        f"{say(request)}: the connection broke before the answer was read", may_have_created=request.creates
    )
