"""A lean way into a fake: its answers without what aiohttp's server costs, so that the server is never what is slow."""

from __future__ import annotations

import asyncio
import ssl
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from aiohttp.http import SERVER_SOFTWARE
from multidict import CIMultiDict

from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.testing.messages import Answer, Incoming

HOST = "127.0.0.1"
_END = b"\r\n\r\n"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


async def open_front(fake: FakeTMDB | FakeZitadel, context: ssl.SSLContext | None = None) -> int:
    """Serve *fake* by another port, and return it: the same log and state, but no faults, gates and latency."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Front(fake), HOST, 0, ssl=context, backlog=1024)
    return int(server.sockets[0].getsockname()[1])


class _Front(asyncio.Protocol):
    """One connection, HTTP/1.1 with bodies of a known length: all that the candidates speak."""

    def __init__(self, fake: FakeTMDB | FakeZitadel) -> None:
        self._routes: Any = fake._routes  # noqa: SLF001  # a shortcut into insides that are this project's own,
        self._traffic: Any = fake._traffic  # noqa: SLF001  # which nobody but a benchmark needs: through the door
        self._carry_out: Any = fake._carry_out  # noqa: SLF001  # the server would be what is measured
        self._transport: Any = None
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(_END)) >= 0:
            first, *lines = self._heard[:end].decode("latin-1").split("\r\n")
            headers: CIMultiDict[str] = CIMultiDict(_field(line) for line in lines)
            if "Transfer-Encoding" in headers:
                raise ValueError("a body of unknown length: no candidate sends one")
            start = end + len(_END)
            stop = start + int(headers.get("Content-Length", 0))
            if len(self._heard) < stop:
                return
            body, self._heard = self._heard[start:stop], self._heard[stop:]
            last = headers.get("Connection", "").lower() == "close"
            self._transport.write(_written(self._answer(first, headers, body), last=last))
            if last:
                self._transport.close()

    def _answer(self, first: str, headers: CIMultiDict[str], body: bytes) -> Answer:
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        found = self._routes.find(path)
        noted = self._traffic.arrive(method, found.shown)
        answer: Answer = self._carry_out(found, Incoming(method, path, found.ids, query, headers, body))
        self._traffic.answer(noted, answer.status)
        return answer


def _field(line: str) -> tuple[str, str]:
    name, _, text = line.partition(":")
    return name, text.strip()


def _written(answer: Answer, *, last: bool) -> bytes:
    """Write *answer* with the headers that aiohttp's server would send."""
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    if last:
        more += "Connection: close\r\n"
    return (
        f"HTTP/1.1 {answer.status} {_PHRASES[answer.status]}\r\nContent-Type: {answer.content_type}\r\n{more}"
        f"Content-Length: {len(answer.body)}\r\nDate: {_date(int(time.time()))}\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
    ).encode() + answer.body


_dates: dict[int, str] = {}


def _date(second: int) -> str:
    """Return the date as a header holds it, made once a second."""
    shown = _dates.get(second)
    if shown is None:
        _dates.clear()
        shown = _dates[second] = formatdate(second, usegmt=True)
    return shown
