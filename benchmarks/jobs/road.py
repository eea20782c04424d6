"""The road to a far target: how to take it, and how long it really is."""

from __future__ import annotations

import ssl
import time
from statistics import median

import aiohttp

from ..target import Target

_TIMES = 5


def client(target: Target) -> aiohttp.ClientSession:
    """Make a client that trusts the target's certificate, which is the fake's own."""
    if target.authority is None:
        return aiohttp.ClientSession()
    context = ssl.create_default_context(cafile=target.authority)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context))


async def round_trip_s(target: Target) -> float:
    """Return how many seconds a GET takes that is written by hand, on a connection that is open.

    That is the round trip that everything else is counted in: the timers of a relay are
    a little late, and on a busy machine more than a little.
    """
    async with client(target) as by_hand:

        async def get() -> float:
            started = time.perf_counter()
            headers = {"Authorization": f"Bearer {target.token}"}
            async with by_hand.get(f"{target.url}/3/authentication", headers=headers) as response:
                await response.read()
            return time.perf_counter() - started

        await get()
        return median([await get() for _ in range(_TIMES)])
