"""What every fake is made of: a real aiohttp server on 127.0.0.1 with a clock, a log, faults and gates."""

import abc
import asyncio
import logging
import ssl
from collections.abc import Iterable
from types import TracebackType
from typing import Generic, Self

from aiohttp import web

from .clock import Clock
from .delivery import play, respond, sever
from .faults import Fault, FaultKind, Faults, kind_of
from .gates import Gate, Gates
from .listening import HOST, Listener
from .messages import Answer, Incoming
from .routes import Found, Route, Routes, StateT
from .traffic import ReceivedRequest, Traffic

_log = logging.getLogger(__name__)


class FakeServer(abc.ABC, Generic[StateT]):
    """Serves *routes* over *state*; what a subclass adds is its service's words and its users.

    Every public method but `start`, `stop` and `arrived` is a plain one. `latency_s` is added to every answer.
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
        self._state = state
        self._clock = clock
        self._routes = Routes(routes, public_ids=public_ids)
        self._port = port
        self._ssl_context = ssl_context
        self._latency_s = latency_s
        self._faults = Faults()
        self._gates = Gates()
        self._traffic = Traffic()
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

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What has arrived so far, in that order; clear the list to begin anew."""
        return self._traffic.requests

    async def start(self) -> None:
        """Begin to listen; after a `stop` on the same port again, with everything still known."""
        if not self._running:
            self._port = await self._listener.start(self._port, ssl_context=self._ssl_context)
            self._running = True

    async def stop(self) -> None:
        """Refuse new connections and break off the open ones; twice is fine."""
        self._running = False
        await self._listener.stop()

    def advance(self, seconds: float) -> None:
        """Move the fake's clock forward by *seconds*."""
        self._clock.advance(seconds)

    def fail(  # noqa: PLR0913 - every option is a keyword with a default that changes nothing
        self,
        kind: FaultKind | None = None,
        *,
        times: int | None = 1,
        skip: int = 0,
        path: str | None = None,
        method: str | None = None,
        status: int | None = None,
        code: int | str | None = None,
        retry_after: str | float | None = None,
        body: bytes | None = None,
        delay_s: float = 0.02,
        carried_out: bool = False,
    ) -> None:
        """Let the next *times* requests fail (`None`: until `heal`), of *path* only if one is named.

        `path` is literal or a template, whose `{name}` segments stand for anything; `skip` requests are spared first.
        `carried_out` changes the state all the same. `ValueError` for an unknown kind.
        """
        fault = Fault(kind_of(kind), path, method, status, code, retry_after, body, delay_s, carried_out)
        self._faults.plan(fault, times=times, skip=skip)

    def heal(self) -> None:
        """Forget every fault that has not struck yet."""
        self._faults.heal()

    def hold(self, path: str, *, method: str | None = None, carried_out: bool = False) -> Gate:
        """Let requests of *path* wait until the gate is released, before or after they are *carried_out*."""
        return self._gates.add(Gate(path, method=method, carried_out=carried_out))

    async def arrived(self, path: str, *, count: int = 1, method: str | None = None, timeout_s: float = 5.0) -> None:
        """Wait until *count* requests of *path* have arrived, the earlier ones included; else `TimeoutError`."""
        shown = self._routes.find(path).shown
        await self._traffic.arrived(shown, count=count, method=method, timeout_s=timeout_s)

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
            return web.Response(status=502)
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
