"""What a caller waits for, counted in round trips of a long road."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import attrs

from tmdb_auth_async import TMDB, BearerToken, Guest, Password, RequestTokenLogin, SessionManager

from ..target import PASSWORD, USERNAME, Target
from .road import client, round_trip_s

_LOGIN = RequestTokenLogin(Password(USERNAME, PASSWORD))
_UNTIL_READY = 5
_UNTIL_CLOSED = 2


@attrs.frozen(kw_only=True)
class Trips:
    """Round trips that a caller waits for; *cold* is on a manager's first connection, *warm* on one that is open."""

    open_cold: float
    open_warm: float
    open_ready: float
    use: float
    leave: float
    leave_unwaited: float
    guest: float


async def count_trips(target: Target) -> Trips:
    """Open, use and leave sessions once each way over the road to *target*."""
    trip_s = await round_trip_s(target)
    clock = _Clock(trip_s)
    async with _manager(target) as manager:
        scope = manager.session(_LOGIN)
        open_cold = await clock(scope.__aenter__())
        leave = await clock(scope.__aexit__(None, None, None))
        scope = manager.session(_LOGIN, wait_closed=False)
        open_warm = await clock(scope.__aenter__())
        use = await clock(manager.get("/3/authentication"))
        leave_unwaited = await clock(scope.__aexit__(None, None, None))
        await asyncio.sleep(_UNTIL_CLOSED * trip_s)
        guest = await clock(manager.session(Guest()).__aenter__())
    async with _manager(target, ready=1) as manager:
        await asyncio.sleep(_UNTIL_READY * trip_s)  # the program does something else meanwhile
        open_ready = await clock(manager.session(_LOGIN).__aenter__())
    return Trips(
        open_cold=open_cold,
        open_warm=open_warm,
        open_ready=open_ready,
        use=use,
        leave=leave,
        leave_unwaited=leave_unwaited,
        guest=guest,
    )


class _Clock:
    def __init__(self, trip_s: float) -> None:
        self._trip_s = trip_s

    async def __call__(self, work: Awaitable[object]) -> float:
        started = time.perf_counter()
        await work
        return (time.perf_counter() - started) / self._trip_s


@asynccontextmanager
async def _manager(target: Target, *, ready: int = 0) -> AsyncIterator[SessionManager]:
    """Give a manager; by https it borrows a client, because the fake's certificate is its own."""
    app, service = BearerToken(target.token), TMDB.at(target.url)
    if target.authority is None:
        async with SessionManager(app, service=service, ready=ready) as manager:
            yield manager
        return
    async with (
        client(target) as borrowed,
        SessionManager(app, service=service, ready=ready, client=borrowed) as manager,
    ):
        yield manager
