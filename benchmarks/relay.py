"""A road with a length: a TCP relay on 127.0.0.1 whose every trip takes time, the connecting included."""

from __future__ import annotations

import asyncio

HOST = "127.0.0.1"


class Relay:
    """Carries bytes to and from a port; half a round trip each way, and one more before a new connection's first byte.

    It counts the connections that it has accepted.
    """

    def __init__(self, port: int, *, round_trip_s: float) -> None:
        """Lead to *port*."""
        self.accepted = 0
        self._port = port
        self._trip_s = round_trip_s / 2

    async def start(self) -> int:
        """Listen; return the port."""
        server = await asyncio.get_running_loop().create_server(self._near, HOST, 0, backlog=1024)
        return int(server.sockets[0].getsockname()[1])

    def _near(self) -> asyncio.Protocol:
        self.accepted += 1
        return _Near(self._port, self._trip_s)


class _End(asyncio.Protocol):
    """One end: what it hears is said at the other end a trip later, and so is the end of it."""

    def __init__(self, trip_s: float) -> None:
        self.other: _End | None = None
        self.transport: asyncio.Transport | None = None
        self._trip_s = trip_s
        self._not_before = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport) and not hasattr(transport, "write"):
            raise TypeError("a relay needs a transport that can be written to")
        self.transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses
        self._not_before = asyncio.get_running_loop().time() + self.opening_s

    @property
    def opening_s(self) -> float:
        """How long opening this end takes in reality."""
        return 0.0

    def data_received(self, data: bytes) -> None:
        self._later(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._later(b"")

    def _later(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), self._not_before) + self._trip_s, self._say, data)

    def _say(self, data: bytes) -> None:
        transport = self.other.transport if self.other is not None else None
        if transport is None or transport.is_closing():
            return
        if data:
            transport.write(data)
        else:
            transport.close()


class _Near(_End):
    """The client's end, which opens the far one."""

    def __init__(self, port: int, trip_s: float) -> None:
        super().__init__(trip_s)
        self._port = port
        self._opening: asyncio.Task[None] | None = None
        self._unsaid: list[bytes] = []

    @property
    def opening_s(self) -> float:
        """A round trip, as TCP's greeting takes on a real road."""
        return 2 * self._trip_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        far = _End(self._trip_s)
        far.other = self
        await asyncio.get_running_loop().create_connection(lambda: far, HOST, self._port)
        self.other = far
        for data in self._unsaid:
            super()._say(data)

    def _say(self, data: bytes) -> None:
        if self.other is None:
            self._unsaid.append(data)
        else:
            super()._say(data)
