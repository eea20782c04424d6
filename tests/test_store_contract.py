"""What every store does, whatever it lives in."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from tmdb_auth_async import NotConfigured, SessionStore

from .store_fixtures import durable
from .store_grounds import Ground

UNUSUAL = {
    "nothing": "",
    "slashes": "../a/b\\c:d",
    "quotes": "'; DROP TABLE kept; -- \"",
    "signs": "{a} [b] *c? %d $e #f @ https://g/h",
    "lines": "one\ntwo\r\n\tthree",
    "zero": "before\0after",
    "scripts": "Ünïcödé 名前 \N{GRINNING FACE} e\N{COMBINING ACUTE ACCENT}",
    "long": "name " * 400,
}


async def claimed(store: SessionStore, prefix: str = "") -> list[str]:
    """Name the rows that *store* gets when it claims."""
    return [key for key, _ in await store.claim_orphans(prefix)]


async def test_what_is_kept_is_loaded_by_another(ground: Ground) -> None:
    """A kept text is there for whoever shares the store, until it is deleted."""
    store = ground.store()
    other = store if ground.kind == "memory" else ground.store()
    await store.save("ada", "her session")
    assert await other.load("ada") == "her session"
    await other.delete("ada")
    assert await store.load("ada") is None
    await store.aclose()
    await other.aclose()


async def test_a_second_text_replaces_the_first(ground: Ground) -> None:
    """One name keeps one text."""
    store = ground.store()
    await store.save("ada", "first")
    await store.save("ada", "second")
    assert await store.load("ada") == "second"
    assert await store.names() == ("ada",)
    await store.aclose()


async def test_what_is_not_kept_is_none(ground: Ground) -> None:
    """Loading and deleting a name that nothing is kept under is no error."""
    store = ground.store()
    await store.delete("nobody")
    assert await store.load("nobody") is None
    assert await store.names() == ()
    await store.aclose()


async def test_names_are_sorted(ground: Ground) -> None:
    """The names come sorted, whenever they were saved."""
    store = ground.store()
    for name in ("b", "ä", "a", "B"):
        await store.save(name, "text")
    assert await store.names() == tuple(sorted(("b", "ä", "a", "B")))
    await store.aclose()


@pytest.mark.parametrize("name", UNUSUAL.values(), ids=UNUSUAL)
async def test_a_name_may_be_any_text(ground: Ground, name: str) -> None:
    """No sign in a name or a text means anything to the store."""
    store = ground.store()
    await store.save(name, name)
    async with store.hold(name):
        await store.record(name, name)
    assert await store.load(name) == name
    assert await store.names() == (name,)
    await store.forget(name)
    await store.delete(name)
    assert await store.names() == ()
    await store.aclose()


async def test_a_text_may_be_large(ground: Ground) -> None:
    """A text of 50,000 signs comes back as it was."""
    text = "".join(random.Random(3).choices('abc"\\äß名', k=50_000))
    store = ground.store()
    await store.save("large", text)
    assert await store.load("large") == text
    await store.aclose()


@durable
async def test_half_a_character_is_refused(ground: Ground) -> None:
    """A lone surrogate is no text that a file or a server can hold, and harms no other write."""
    store = ground.store()
    good = asyncio.create_task(store.save("good", "text"))
    with pytest.raises(NotConfigured, match="surrogate"):
        await store.save("bad", "\ud800")
    await good
    assert await store.names() == ("good",)
    await store.aclose()


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


async def test_a_name_has_one_holder(ground: Ground) -> None:
    """Tasks of two store objects hold a name one after the other, and lose no update."""
    store = ground.store()
    stores = [store, store if ground.kind == "memory" else ground.store()]

    async def count(store: SessionStore) -> None:
        async with store.hold("number"):
            number = int(await store.load("number") or 0)
            await asyncio.sleep(0)
            await store.save("number", str(number + 1))

    await asyncio.gather(*(count(store) for store in stores for _ in range(5)))
    assert await store.load("number") == "10"
    for one in stores:
        await one.aclose()


async def test_names_are_held_apart(ground: Ground) -> None:
    """Who holds one name waits for nobody who holds another."""
    store = ground.store()
    async with store.hold("a"), store.hold("b"), store.hold("A"):
        pass
    await store.aclose()


async def test_a_block_that_raises_lets_go(ground: Ground) -> None:
    """The holder's own error passes, and the next holder need not wait."""
    store = ground.store()
    with pytest.raises(ZeroDivisionError):
        async with store.hold("a"):
            _ = 1 // 0
    async with asyncio.timeout(5), store.hold("a"):
        pass
    await store.aclose()


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
