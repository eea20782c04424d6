"""The connections of those who come to a server of ours on 127.0.0.1, most of them strangers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

MOST_CONNECTIONS = 64
"""How many connections are held at a time; for one more, the oldest that waits for no answer must go."""

_DRAIN_S = 1.0
_IDLE_S = 15.0
_TICKS = 100

_silent = logging.getLogger("tmdb_auth_async.loopback")
_silent.setLevel(logging.CRITICAL + 1)  # aiohttp's server quotes what it cannot parse, and that may be the callback


class Visitors(web.Server):
    """The open connections, oldest first, and no more of them than this machine can spare; they say nothing in logs."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        """Answer each request by *handler*."""
        super().__init__(
            handler,
            handler_cancellation=True,
            access_log=None,
            logger=_silent,
            keepalive_timeout=_IDLE_S,
            lingering_time=0,
        )
        self._open: dict[web.RequestHandler, asyncio.Transport] = {}
        self._answering: set[web.RequestHandler] = set()
        self._answered = asyncio.Event()
        self._answered.set()

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Let one more in, at the cost of the oldest where there are too many."""
        super().connection_made(handler, transport)
        self._open[handler] = transport
        if len(self._open) > MOST_CONNECTIONS:
            oldest = next((one for one in self._open if one not in self._answering), handler)
            self._open.pop(oldest).abort()

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Forget one that is gone."""
        super().connection_lost(handler, exc)
        self._open.pop(handler, None)
        self._answering.discard(handler)
        if not self._answering:
            self._answered.set()

    def answers(self, handler: web.RequestHandler) -> None:
        """Hold on to this connection until it has its answer."""
        self._answering.add(handler)
        self._answered.clear()

    async def aclose(self) -> None:
        """Let the answers leave, break off everything else, and wait until it is gone."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), _DRAIN_S)
        for transport in list(self._open.values()):
            transport.abort()
        for _ in range(_TICKS):
            if not self.connections:
                break
            await asyncio.sleep(0)


async def stop_accepting(server: asyncio.Server) -> None:
    """Let connections that are halfway in come in: asyncio cannot cope with one whose server closes meanwhile."""
    loop = asyncio.get_running_loop()
    for sock in server.sockets:
        with suppress(NotImplementedError, RuntimeError):  # loops that are not selectors need no help
            loop.remove_reader(sock.fileno())
    for _ in range(3):
        await asyncio.sleep(0)
