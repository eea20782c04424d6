"""What every store does with what is kept and what is held, whatever it lives in."""

from __future__ import annotations

import asyncio
import random

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
