"""The listening side of a fake: connections on 127.0.0.1 that are all gone once it has stopped."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Generator

from aiohttp import web

HOST = "127.0.0.1"
_SHUTDOWN_S = 0.1

_silent = logging.Logger("tmdb_auth_async.testing.aiohttp")  # noqa: LOG001  # nobody shall find it by its name, and turn it up
_silent.disabled = True  # aiohttp's server quotes what it cannot parse, secrets included


class _Connections(web.Server):
    """Counts its connections, and ends what hangs when the client leaves."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        super().__init__(handler, access_log=None, logger=_silent)
        self.transports: dict[web.RequestHandler, asyncio.Transport] = {}
        self.hanging: dict[web.RequestHandler, asyncio.Task[object]] = {}
        self.all_gone = asyncio.Event()

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        self.transports[handler] = transport
        super().connection_made(handler, transport)

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.transports.pop(handler, None)
        hanging = self.hanging.pop(handler, None)
        if hanging is not None:
            hanging.cancel()
        if not self.transports:
            self.all_gone.set()


class Listener:
    """Serves *handler* from `start` to `stop`, over TLS when there is an *ssl_context*."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        self._handler = handler
        self._waiting: set[asyncio.Task[object]] = set()
        self._connections: _Connections | None = None
        self._listening: asyncio.Server | None = None

    async def start(self, port: int, *, ssl_context: ssl.SSLContext | None) -> int:
        """Listen, and return the port that was free; raises `OSError` when *port* is taken."""
        connections = _Connections(self._handler)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(connections, HOST, port, ssl=ssl_context, backlog=1024)
        self._connections = connections
        return int(self._listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Break off every connection and whatever waits on one, and wait until they are gone."""
        connections, listening = self._connections, self._listening
        self._connections = self._listening = None
        if connections is None or listening is None:
            return
        await _stop_accepting(listening)
        listening.close()
        waiting = tuple(self._waiting)
        for task in waiting:
            task.cancel()
        if waiting:
            await asyncio.wait(waiting)
        connections.all_gone.clear()
        open_ones = tuple(connections.transports.values())
        await connections.shutdown(_SHUTDOWN_S)
        for transport in open_ones:
            transport.abort()
        if connections.transports:
            await connections.all_gone.wait()
        abort_clients = getattr(listening, "abort_clients", None)  # asyncio's own servers have it from Python 3.13 on
        if abort_clients is not None:
            abort_clients()  # those whose TLS handshake is not over
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listening.wait_closed(), _SHUTDOWN_S)

    @contextlib.contextmanager
    def waiting(self, request: web.BaseRequest, *, until_left: bool = False) -> Generator[None, None, None]:
        """Wait inside for *request*: a stop breaks that off, and with *until_left* its client's leaving too."""
        task = asyncio.current_task()
        connections = self._connections
        if task is None or connections is None:
            raise RuntimeError("only a request of a running server can wait")
        self._waiting.add(task)
        if until_left:
            connections.hanging[request.protocol] = task
        try:
            yield
        finally:
            self._waiting.discard(task)
            connections.hanging.pop(request.protocol, None)


async def _stop_accepting(listening: asyncio.Server) -> None:
    """Let connections that are halfway in come in: asyncio cannot cope with one whose server closes meanwhile."""
    loop = asyncio.get_running_loop()
    for sock in listening.sockets:
        with contextlib.suppress(NotImplementedError, RuntimeError):  # loops that are not selectors need no help
            loop.remove_reader(sock.fileno())
    for _ in range(3):
        await asyncio.sleep(0)
