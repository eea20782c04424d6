"""What every store does with the rows of its journal, whatever it lives in."""

from __future__ import annotations

import asyncio

from .store_fixtures import durable
from .store_grounds import Ground, claimed


@durable
async def test_rows_of_a_living_owner_are_left_alone(ground: Ground) -> None:
    """Neither the store that recorded a row nor another claims it while its process lives."""
    store, other = ground.store(), ground.store()
    await store.record("a.1", "text")
    assert await claimed(store) == []
    assert await claimed(other) == []
    await store.aclose()
    await other.aclose()


@durable
async def test_abandoned_rows_are_claimed_once_oldest_first(ground: Ground) -> None:
    """What is abandoned goes to the first who claims, with its texts, in the order of its writing."""
    store, other, third = ground.store(), ground.store(), ground.store()
    for number in range(12):
        await store.record(f"a.{number}", f"text {number}")
    await store.abandon(*(f"a.{number}" for number in range(12)))
    assert await other.claim_orphans("a.") == tuple((f"a.{number}", f"text {number}") for number in range(12))
    assert await claimed(third) == []
    assert await claimed(store) == []
    for one in (store, other, third):
        await one.aclose()


@durable
async def test_only_rows_under_the_prefix_are_claimed(ground: Ground) -> None:
    """A service's rows are not given to a manager of another service."""
    store, other = ground.store(), ground.store()
    await store.record("a.1", "text")
    await store.record("b.1", "text")
    await store.record("%.1", "text")
    await store.abandon("a.1", "b.1", "%.1")
    assert await claimed(other, "b.") == ["b.1"]
    assert await claimed(other, "%") == ["%.1"]
    assert await claimed(store, "") == ["a.1"]
    await store.aclose()
    await other.aclose()


@durable
async def test_two_who_claim_at_once_share_nothing(ground: Ground) -> None:
    """Each abandoned row goes to exactly one of many who claim at the same time."""
    store, others = ground.store(), [ground.store() for _ in range(4)]
    keys = [f"a.{number}" for number in range(20)]
    await asyncio.gather(*(store.record(key, "text") for key in keys))
    await store.abandon(*keys)
    found = await asyncio.gather(*(claimed(other) for other in others for _ in range(2)))
    assert sorted(key for keys in found for key in keys) == sorted(keys)
    for one in (store, *others):
        await one.aclose()


@durable
async def test_forgotten_rows_are_gone(ground: Ground) -> None:
    """A row that was forgotten, by its owner or by who claimed it, is nobody's any more."""
    store, other = ground.store(), ground.store()
    for key in ("a.1", "a.2", "a.3"):
        await store.record(key, "text")
    await store.forget("a.1", "never there")
    await store.abandon("a.2", "a.3")
    assert await claimed(other) == ["a.2", "a.3"]
    await other.forget("a.2")
    await other.abandon("a.3")
    assert await claimed(store) == ["a.3"]
    await store.aclose()
    await other.aclose()


@durable
async def test_a_save_forgets_rows_in_the_same_step(ground: Ground) -> None:
    """What is kept is not recovered too."""
    store, other = ground.store(), ground.store()
    await store.record("a.1", "session")
    await store.record("a.2", "another")
    await store.save("ada", "session", "a.1")
    await store.abandon("a.2")
    assert await claimed(other) == ["a.2"]
    assert await other.load("ada") == "session"
    await store.aclose()
    await other.aclose()
