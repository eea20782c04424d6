"""What an open session costs in memory."""

from __future__ import annotations

import gc
import tracemalloc

from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager

from ..crowd import crowd
from ..target import PASSWORD, USERNAME, Target

_AT_ONCE = 64


async def bytes_a_session(target: Target, count: int) -> float:
    """Open *count* sessions and return the bytes that each holds on to: its scope, its handle, its value, its place."""
    strategy = RequestTokenLogin(Password(USERNAME, PASSWORD))
    async with SessionManager(BearerToken(target.token), service=TMDB.at(target.url)) as manager:

        async def visit() -> None:
            async with manager.session(strategy):
                pass

        await crowd(visit, times=4 * _AT_ONCE, concurrency=_AT_ONCE)
        held: list[object] = [None] * count
        places = iter(range(count))

        async def open_one() -> None:
            scope = manager.session(strategy)
            await scope.__aenter__()
            held[next(places)] = scope

        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        await crowd(open_one, times=count, concurrency=_AT_ONCE)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return (after - before) / count
