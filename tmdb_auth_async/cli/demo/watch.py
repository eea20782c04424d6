"""How the demo sees each request: a client of its own whose traces tell, and the fake's log of what arrived."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import aiohttp

from ...testing.traffic import ReceivedRequest
from .findings import Live, Step

Tell = Callable[[Step], object]


class Watch:
    """Tells of every request that `client` sends, as soon as it is answered.

    `phase` is what the requests are for at the moment.
    """

    def __init__(
        self, arrived: Callable[[], Sequence[ReceivedRequest]], *, live: Callable[[], Live], tell: Tell
    ) -> None:
        """Look at what *arrived* and what is *live* at the service; *tell* each step."""
        self.phase = ""
        self._arrived = arrived
        self._live = live
        self._tell = tell
        self._told = 0

    def client(self) -> aiohttp.ClientSession:
        """Return a client that is watched; whoever asks for it closes it."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._started)
        trace.on_request_end.append(self._ended)
        return aiohttp.ClientSession(trace_configs=[trace])

    def begin(self, phase: str) -> None:
        """Say what the next requests are for."""
        self.phase = phase
        self._told = 0

    def end(self, otherwise: str) -> None:
        """Say that the phase is over; without any request, tell *otherwise*."""
        if not self._told:
            self.tell(otherwise, took_ms=0.0)

    def tell(self, asked: str, *, took_ms: float, status: int | None = None) -> None:
        """Tell of a step, be it a request or what a person did."""
        self._told += 1
        self._tell(Step(phase=self.phase, asked=asked, status=status, took_ms=round(took_ms, 1), live=self._live()))

    async def _started(
        self, client: aiohttp.ClientSession, trace: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        del client, params
        trace.started_s = time.perf_counter()

    async def _ended(
        self, client: aiohttp.ClientSession, trace: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        del client
        took_ms = 1000 * (time.perf_counter() - trace.started_s)
        shown = _shown(self._arrived(), params.method, params.url.path)
        self.tell(f"{params.method} {shown}", status=params.response.status, took_ms=took_ms)


def _shown(arrived: Sequence[ReceivedRequest], method: str, path: str) -> str:
    """Return *path* as the fake logged it, without its ids."""
    found = (one.path for one in reversed(arrived) if one.method == method and _is_shown_as(path, one.path))
    return next(found, "(somewhere else)")


def _is_shown_as(path: str, shown: str) -> bool:
    parts, names = path.split("/"), shown.split("/")
    return len(parts) == len(names) and all(
        name == part or name.startswith("{") for part, name in zip(parts, names, strict=True)
    )
