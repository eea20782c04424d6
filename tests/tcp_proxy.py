"""A proxy in front of a server: speaks TLS for one that cannot, and loses answers when told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from .listening import listening


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

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            behind, onward = await asyncio.open_connection("127.0.0.1", to_port)
            asking = asyncio.create_task(_copy(reader, onward))
            try:
                await self._answer(behind, writer)
            finally:
                asking.cancel()
                onward.close()

        async with listening(handle, tls=tls) as self.port:
            yield self

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
