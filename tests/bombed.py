"""Meet a compressed bomb, and print how much memory that took; run by tests/test_wire.py in a process of its own."""

from __future__ import annotations

import asyncio
import resource
import sys
import zlib

from tests.scripted import Scripted, http
from tmdb_auth_async import AuthError, Request
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.wire import Wire


def bomb() -> bytes:
    """Return 512 MB of zeros, packed piece by piece."""
    packing = zlib.compressobj(9)
    return b"".join([packing.compress(b"0" * 2**20) for _ in range(512)]) + packing.flush()


def used_kib() -> int:
    """Return the most memory that this process has ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def main() -> None:
    """Ask once, and tell the memory before and after, and the error."""
    async with Scripted(http(bomb(), headers={"Content-Encoding": "deflate"})) as server:
        wire = Wire(server.url)
        before = used_kib()
        try:
            await wire.send(Signed(Request("GET", "/3/x")))
        except AuthError as error:
            sys.stdout.write(f"{before} {used_kib()} {type(error).__name__}")
        await wire.aclose()


asyncio.run(main())
