"""Scopes that nobody will ever leave, and programs that never tire of opening new ones."""

from __future__ import annotations

import asyncio
import gc

from tmdb_auth_async import RequestTokenLogin, SessionClosed, SessionManager
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import DELETE, WAYS, managed


@WAYS
async def test_a_scope_collected_as_garbage_is_closed(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """The loop keeps no task alive: one that waits for what only it knows goes, and its session with it."""

    async def forget(manager: SessionManager, entered: asyncio.Event) -> None:
        async with manager.session(ada):
            entered.set()
            await asyncio.get_running_loop().create_future()

    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
    async with managed(fake, close_timeout_s=1.0) as manager:
        entered = asyncio.Event()
        task = asyncio.create_task(forget(manager, entered))
        await entered.wait()
        del task
        gc.collect()
        await fake.arrived(DELETE, method="DELETE")
    assert not fake.sessions
    assert manager.stats().closed == 1
    assert told == ["Task was destroyed but it is pending!"]


@WAYS
async def test_whoever_opens_without_a_pause_does_not_hold_up_the_end(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """A worker that tries again at once when it is refused leaves the manager the time to end."""
    ended = asyncio.Event()
    refusals = 0

    async def work(manager: SessionManager) -> None:
        nonlocal refusals
        while not ended.is_set():
            try:
                async with manager.session(ada) as session:
                    while True:
                        await session.get("/3/account")
            except SessionClosed:
                refusals += 1
            try:
                await manager.login(ada)
            except SessionClosed:
                refusals += 1

    async with managed(fake) as manager:
        workers = [asyncio.create_task(work(manager)) for _ in range(4)]
        while len(fake.sessions) < len(workers):
            await asyncio.sleep(0)
        await manager.aclose()
        ended.set()
        await asyncio.gather(*workers)
    assert not fake.sessions
    assert refusals > len(workers)
