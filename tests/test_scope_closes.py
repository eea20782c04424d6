"""A session that several want to close: one close, which all of them wait for."""

from __future__ import annotations

import asyncio

import pytest

from tmdb_auth_async import (
    RequestTokenLogin,
)
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import ADA, DELETE, WAYS, managed


@WAYS
async def test_two_who_close_wait_for_the_same_close(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """Whoever closes a session that is being closed waits until it is gone; it is deleted once."""
    async with managed(fake) as manager:
        session = await manager.session(ada).__aenter__()
        with fake.hold(DELETE, method="DELETE") as gate:
            first = asyncio.create_task(session.close())
            await gate.reached()
            others = [asyncio.create_task(session.close()) for _ in range(3)]
            await asyncio.sleep(0.01)
            assert not any(task.done() for task in (first, *others))
        await asyncio.gather(first, *others)
        assert not fake.sessions
        assert [one.path for one in fake.requests].count(DELETE) == 1
    assert manager.stats().closed == 1


@WAYS
async def test_whoever_waits_for_anothers_close_waits_on_when_that_is_cancelled(
    fake: FakeTMDB, ada: RequestTokenLogin
) -> None:
    """A close that its first caller was cancelled in goes on for the second."""
    async with managed(fake) as manager:
        session = await manager.session(ada).__aenter__()
        with fake.hold(DELETE, method="DELETE") as gate:
            first = asyncio.create_task(session.close())
            await gate.reached()
            second = asyncio.create_task(session.close())
            await asyncio.sleep(0.01)
            first.cancel()
            await asyncio.sleep(0.01)
            assert not first.done()
            assert not second.done()
        await second
        assert not fake.sessions
        with pytest.raises(asyncio.CancelledError):
            await first


@WAYS
async def test_the_managers_end_waits_for_a_close_under_way(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """A block that is closing its session as the manager ends is waited for, and its delete not cut off."""
    async with managed(fake) as manager:
        session = await manager.session(ada).__aenter__()
        with fake.hold(DELETE, method="DELETE") as gate:
            closing = asyncio.create_task(session.close())
            await gate.reached()
            ending = asyncio.create_task(manager.aclose())
            await asyncio.sleep(0.05)
            assert not ending.done()
        await ending
        await closing
    assert not fake.sessions
    assert manager.stats().open_now == 0


@WAYS
async def test_an_exit_that_is_cancelled_before_it_begins_leaves_nothing(
    fake: FakeTMDB, ada: RequestTokenLogin
) -> None:
    """Exits that were handed to tasks, and cancelled before their first step, are made up for by the manager's end."""
    async with managed(fake) as manager:
        scopes = [manager.session(ada) for _ in range(3)]
        for scope in scopes:
            await scope.__aenter__()
        exits = asyncio.gather(*(scope.__aexit__(None, None, None) for scope in scopes))
        exits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exits
    assert not fake.sessions
    assert manager.stats().closed == 3


async def test_an_exit_that_begins_after_the_managers_end_has_nothing_to_do(fake: FakeTMDB) -> None:
    """What the manager's end has closed meanwhile is not deleted again."""
    manager = managed(fake)
    scope = manager.session(ADA)
    await scope.__aenter__()
    leaving = scope.__aexit__(None, None, None)
    await manager.aclose()
    await leaving
    assert [one.path for one in fake.requests].count(DELETE) == 1
