"""A v4 login and its conversion, cancelled: no session and no access token stays."""

from __future__ import annotations

import asyncio
import random

import pytest

from tmdb_auth_async import Link, SessionManager, V4Conversion, V4Login
from tmdb_auth_async.testing import FakeTMDB

from .people import tmdb_and_ada

STEPS = [
    ("POST", "/4/auth/request_token"),
    ("POST", "/4/auth/access_token"),
    ("POST", "/3/authentication/session/convert/4"),
    ("GET", "/3/account"),
    ("DELETE", "/3/authentication/session"),
    ("DELETE", "/4/auth/access_token"),
]


def _strategy(fake: FakeTMDB) -> V4Conversion:
    async def approve(_: object) -> None:
        for token in fake.request_tokens:
            fake.approve(token)

    return V4Conversion(V4Login(Link(approve, poll_s=0.001)))


async def _log_in(manager: SessionManager, strategy: V4Conversion) -> None:
    async with manager.session(strategy) as ada:
        await ada.get("/3/account")


@pytest.mark.parametrize("carried_out", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("method", "path"), STEPS, ids=lambda step: step)
async def test_a_cancel_at_each_step_leaves_nothing(method: str, path: str, carried_out: bool) -> None:  # noqa: FBT001  # a parameter
    """Whichever request is under way, and whether or not TMDB has carried it out already, all of it is unmade."""
    async with tmdb_and_ada() as (fake, manager):
        gate = fake.hold(path, method=method, carried_out=carried_out)
        login = asyncio.get_running_loop().create_task(_log_in(manager, _strategy(fake)))
        await fake.arrived(path, method=method)
        login.cancel()
        await asyncio.sleep(0)
        gate.release()
        with pytest.raises(asyncio.CancelledError):
            await login
        async with asyncio.timeout(5):
            while fake.sessions | fake.access_tokens or manager.stats().open_now:
                await asyncio.sleep(0.001)
        stats = manager.stats()
        assert (stats.possibly_lost, stats.opened) == (0, stats.closed)


async def test_two_hundred_random_cancels_leave_nothing() -> None:
    """Cancelled some rounds of the loop after whichever of its requests, no session and no access token lives on."""
    dice = random.Random(5)
    cancelled = 0
    async with tmdb_and_ada() as (fake, manager):
        strategy = _strategy(fake)
        for _ in range(200):
            step, rounds = len(fake.requests) + dice.randrange(len(STEPS) + 1), dice.randrange(12)
            login = asyncio.get_running_loop().create_task(_log_in(manager, strategy))
            while rounds and not login.done():
                rounds -= len(fake.requests) >= step
                await asyncio.sleep(0)
            login.cancel()
            try:
                await login
            except asyncio.CancelledError:
                cancelled += 1
        await manager.aclose()
        assert not fake.sessions | fake.access_tokens
        assert manager.stats().open_now == 0
        assert manager.stats().opened > 50
    assert cancelled > 100
