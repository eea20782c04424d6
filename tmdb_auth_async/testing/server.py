"""What every fake is made of: a real aiohttp server on 127.0.0.1."""

import abc
import asyncio
import logging
import ssl
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from .clock import Clock
from .controls import Controls
from .delivery import Response, play, respond, sever
from .faults import Fault
from .listening import HOST, Listener
from .messages import Answer, Incoming
from .routes import Found, Route, Routes, StateT

_log = logging.getLogger(__name__)


class FakeServer(Controls[StateT], abc.ABC):
    """Serves *routes* over *state*; what a subclass adds is its service's words and its users.

    Every method for tests but `start`, `stop` and `arrived` is a plain one. `latency_s` is added to every answer.
    """

    def __init__(
        self,
        state: StateT,
        routes: Iterable[Route[StateT]],
        *,
        clock: Clock,
        public_ids: frozenset[str] = frozenset(),
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(Routes(routes, public_ids=public_ids), clock=clock)
        self._state = state
        self._port = port
        self._ssl_context = ssl_context
        self._latency_s = latency_s
        self._listener = Listener(self._serve)
        self._running = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url if self._running else 'not running'}>"

    @property
    def url(self) -> str:
        """Where it is served, without a trailing slash; a `RuntimeError` before its first start."""
        if not self._port:
            raise RuntimeError(f"this fake is not running yet: async with {type(self).__name__}() as fake")
        return f"{'https' if self._ssl_context else 'http'}://{HOST}:{self._port}"

    async def start(self) -> None:
        """Begin to listen; after a `stop` on the same port again, with everything still known."""
        if not self._running:
            self._port = await self._listener.start(self._port, ssl_context=self._ssl_context)
            self._running = True

    async def stop(self) -> None:
        """Refuse new connections and break off the open ones; twice is fine."""
        self._running = False
        await self._listener.stop()

    @abc.abstractmethod
    def _refuse(self, status: int | None, code: int | str | None) -> Answer:
        """Make the refusal that a fault asks for, by default the service is down."""

    @abc.abstractmethod
    def _no_such_path(self) -> Answer:
        """Answer a request of an unknown path."""

    @abc.abstractmethod
    def _no_such_method(self) -> Answer:
        """Answer a request of a known path by another method."""

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read() if request.can_read_body else b""
        path = request.path
        found = self._routes.find(path)
        noted = self._traffic.arrive(request.method, found.shown)
        incoming = Incoming(request.method, path, found.ids, request.rel_url.raw_query_string, request.headers, body)
        fault = self._faults.take(request.method, path) if self._faults else None
        if fault is None and not self._gates and not self._latency_s:
            response: web.StreamResponse | None = respond(self._carry_out(found, incoming))
        else:
            with self._listener.waiting(request, until_left=fault is not None and fault.kind == "hang"):
                response = await self._serve_slowly(request, found, incoming, fault)
        if response is None:
            sever(request)
            return Response(status=502)
        self._traffic.answer(noted, response.status)
        return response

    async def _serve_slowly(
        self, request: web.BaseRequest, found: Found[StateT], incoming: Incoming, fault: Fault | None
    ) -> web.StreamResponse | None:
        method, path = incoming.method, incoming.path
        await self._gates.pass_through(method, path, carried_out=False)
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        answer = self._carry_out(found, incoming) if fault is None or fault.carried_out else None
        await self._gates.pass_through(method, path, carried_out=True)
        if fault is None:
            return respond(answer or self._carry_out(found, incoming))
        return await play(
            fault, request, answer=answer, carry_out=lambda: self._carry_out(found, incoming), refuse=self._refuse
        )

    def _carry_out(self, found: Found[StateT], incoming: Incoming) -> Answer:
        if found.resource is None:
            return self._no_such_path()
        handler = found.resource.handlers.get(incoming.method)
        if handler is None:
            return self._no_such_method()
        try:
            return handler(self._state, incoming)
        except Exception as error:  # noqa: BLE001 - a fault of the fake's own must neither hang its client nor show a secret
            _log.error("%s failed on %s %s", type(error).__name__, incoming.method, found.shown)
            return self._refuse(500, None)
