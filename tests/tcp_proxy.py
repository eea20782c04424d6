"""A proxy in front of a server: speaks TLS for one that cannot, and loses answers when told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Passes bytes on; while `lose_answers` is set it drops the connection instead of answering."""

    def __init__(self) -> None:
        """Begin honest."""
        self.port = 0
        self.lose_answers = False
        self.lost = 0

    @asynccontextmanager
    async def serve(self, to_port: int, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Proxy]:
        """Serve what listens on *to_port* of this machine, by TLS if given."""
        handlers: set[asyncio.Task[None]] = set()
        connections: set[asyncio.StreamWriter] = set()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            handlers.add(task)
            task.add_done_callback(handlers.discard)
            behind, onward = await asyncio.open_connection("127.0.0.1", to_port)
            connections.update((writer, onward))
            asking = asyncio.create_task(_copy(reader, onward))
            try:
                await self._answer(behind, writer)
            finally:
                asking.cancel()
                connections.difference_update((writer, onward))
                onward.close()
                writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in list(connections):
                writer.close()
            if handlers:
                await asyncio.wait(handlers)
            await server.wait_closed()

    async def _answer(self, behind: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while answer := await behind.read(65536):
                if self.lose_answers:
                    self.lost += 1
                    return
                writer.write(answer)
                await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
