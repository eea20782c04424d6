"""A server on 127.0.0.1 for one visit: whoever comes with the right answer; all others are turned away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from hmac import compare_digest
from types import TracebackType
from typing import Generic, Self, TypeVar

from aiohttp import web

from ..closing import see_through
from .pages import HEADERS, NOT_OURS, NOTHING_HERE, WRONG_METHOD, Page, page_after
from .visitors import Visitors, stop_accepting

V = TypeVar("V")

HOST = "127.0.0.1"

_BACKLOG = 1024
_CLOSE_S = 5.0


class _Response(web.Response):
    """A response whose repr, which asyncio's debug mode logs, shows no path."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


class Loopback(Generic[V]):
    """An address on this machine that nobody can guess, and what its one visitor said.

    It is bound when made, so that its `url` is known; nobody can connect before `listen`.
    Leaving its block answers the visitor according to how the block ended, and closes it.
    """

    def __init__(self, path: str) -> None:
        """Take a free port, to serve *path* there; raises `OSError` when there is none."""
        self._path = f"/{path}"
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)  # noqa: FBT003  # the only way the standard library has it
            self._socket.bind((HOST, 0))
        except OSError:
            self._socket.close()
            raise
        loop = asyncio.get_running_loop()
        self._judge: Callable[[Mapping[str, str]], V | None] = lambda _: None
        self._server: asyncio.Server | None = None
        self._visitors: Visitors | None = None
        self._verdict: asyncio.Future[Page] = loop.create_future()
        self.came: asyncio.Future[V] = loop.create_future()

    @property
    def url(self) -> str:
        """The address."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}{self._path}"

    async def listen(self, judge: Callable[[Mapping[str, str]], V | None]) -> None:
        """Wait for the visitor whose query *judge* makes something of; `came` is then done and holds that."""
        self._judge = judge
        self._visitors = Visitors(self._serve)
        self._server = await asyncio.get_running_loop().create_server(
            self._visitors, sock=self._socket, backlog=_BACKLOG, start_serving=False
        )
        await self._server.start_serving()

    async def __aenter__(self) -> Self:
        """Do nothing: it is bound already."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Tell the visitor how it ended, and be gone, whatever cancels come meanwhile."""
        self._verdict.set_result(page_after(error))
        closing = asyncio.get_running_loop().create_task(self._close())
        cancel = await see_through(closing, timeout_s=_CLOSE_S)
        if cancel is not None:
            raise cancel

    async def _close(self) -> None:
        if self._server is not None:
            await stop_accepting(self._server)
            self._server.close()
        if self._visitors is not None:
            await self._visitors.aclose()
        self._socket.close()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        page = self._refusal(request)
        if page is None and self._visitors is not None:
            self._visitors.answers(request.protocol)
            page = await asyncio.shield(self._verdict)
        page = page or NOTHING_HERE
        response = _Response(
            status=page.status, text=page.html(), content_type="text/html", charset="utf-8", headers=HEADERS
        )
        response.force_close()
        return response

    def _refusal(self, request: web.BaseRequest) -> Page | None:
        """Return the page that turns a stranger away; `None` for the visitor who is waited for."""
        if not compare_digest(request.path.encode(errors="replace"), self._path.encode()):
            return NOTHING_HERE
        if request.method != "GET":
            return WRONG_METHOD
        found = self._judge(request.query)
        if found is None:
            return NOT_OURS
        if not self.came.done():
            self.came.set_result(found)
        return None
