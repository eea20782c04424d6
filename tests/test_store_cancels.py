"""What every store does when who waits for it is cancelled, whatever it lives in."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from tmdb_auth_async import SessionStore

from .store_fixtures import durable
from .store_grounds import Ground, claimed


@durable
async def test_a_cancelled_waiter_harms_no_other(ground: Ground) -> None:
    """A task that gives up waiting for a name, in its own store's line or at its head, leaves the line as it was."""
    store, other = ground.store(), ground.store()
    held: list[str] = []

    async def hold(store: SessionStore, who: str) -> None:
        async with store.hold("a"):
            held.append(who)

    async with store.hold("a"):
        waiters = [asyncio.create_task(hold(other, f"waiter {number}")) for number in range(3)]
        await asyncio.sleep(0.05)
        waiters[0].cancel()
        waiters[1].cancel()
        await asyncio.wait(waiters[:2])
    await waiters[2]
    assert held == ["waiter 2"]
    assert all(waiter.cancelled() for waiter in waiters[:2])
    await store.aclose()
    await other.aclose()


@durable
async def test_a_cancelled_waiter_always_hears_of_it(ground: Ground) -> None:
    """Whenever a waiter for a name is cancelled, it ends at once and cancelled."""
    chance = random.Random(5)
    store, other = ground.store(), ground.store()
    async with store.hold("a"):
        for _ in range(30):
            waiter = asyncio.create_task(other.hold("a").__aenter__())
            await asyncio.sleep(chance.uniform(0, 0.02))
            waiter.cancel()
            async with asyncio.timeout(5):
                await asyncio.wait({waiter})
            assert waiter.cancelled()
    await store.aclose()
    await other.aclose()


@durable
async def test_a_cancelled_claim_loses_nothing(ground: Ground) -> None:
    """Rows that a cancelled claim may have taken are there for the next who claims."""
    store, other = ground.store(), ground.store()
    await store.record("a.1", "text")
    await store.abandon("a.1")
    for turns in range(8):
        claim = asyncio.create_task(other.claim_orphans("a."))
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        claim.cancel()
        with suppress(asyncio.CancelledError):
            if await claim:
                await other.abandon("a.1")
    async with asyncio.timeout(5):
        while await claimed(store) != ["a.1"]:
            await asyncio.sleep(0.01)
    await store.aclose()
    await other.aclose()


@durable
@pytest.mark.parametrize("seed", range(3))
async def test_random_cancels_leave_no_half(ground: Ground, seed: int) -> None:
    """Whatever is cancelled: what was acknowledged is so, and no lock or transaction stays."""
    chance = random.Random(seed)
    store, other = ground.store(), ground.store()
    recorded: set[str] = set()
    forgotten: set[str] = set()
    saved: set[str] = set()

    async def work(number: int) -> None:
        key = f"a.{number}"
        await store.record(key, f"text {number}")
        recorded.add(key)
        async with store.hold(f"name {number % 3}"):
            await store.save(f"name {number}", f"text {number}")
            saved.add(f"name {number}")
        if number % 2:
            await store.forget(key)
            forgotten.add(key)

    tasks = [asyncio.create_task(work(number)) for number in range(24)]
    for task in chance.sample(tasks, 12):
        await asyncio.sleep(chance.uniform(0, 0.004))
        task.cancel()
    await asyncio.wait(tasks)
    await store.abandon(*(f"a.{number}" for number in range(24)))
    rows = dict(await other.claim_orphans("a."))
    assert recorded - {f"a.{number}" for number in range(1, 24, 2)} <= rows.keys()
    assert not forgotten & rows.keys()
    assert all(text == f"text {key.removeprefix('a.')}" for key, text in rows.items())
    kept = {name: await other.load(name) for name in await other.names()}
    assert saved <= kept.keys()
    assert all(text == f"text {name.removeprefix('name ')}" for name, text in kept.items())
    async with asyncio.timeout(5), other.hold("name 0"), other.hold("name 1"), other.hold("name 2"):
        pass
    await store.aclose()
    await other.aclose()
