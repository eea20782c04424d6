"""Stores across event loops and managers, and what their tasks and drivers log."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from .store_fixtures import durable
from .store_grounds import Ground

CANARY = "canary-session-text"


def test_a_store_serves_one_event_loop_after_another(ground: Ground) -> None:
    """One object works in each of several event loops, closed in between or not, with waiters for a name in each."""
    store = ground.store()

    async def use(number: int) -> None:
        async def hold() -> None:
            async with store.hold("name"):
                await asyncio.sleep(0)

        await asyncio.gather(*(hold() for _ in range(3)))
        assert await store.load("ada") == (f"text {number - 1}" if number else None)
        await store.save("ada", f"text {number}")
        await store.record(f"a.{number}", "text")
        if number == 1:
            await store.aclose()

    for number in range(4):
        asyncio.run(use(number))

    async def forget() -> None:
        await store.forget(*(f"a.{number}" for number in range(4)))
        await store.aclose()

    asyncio.run(forget())


@durable
def test_what_an_event_loop_leaves_waiting_harms_no_other(ground: Ground) -> None:
    """A loop that ends in the middle of writes, claims and holds leaves a store that works in the next."""
    store = ground.store()

    async def hold() -> None:
        async with store.hold("name"):
            await asyncio.sleep(60)

    async def begin(turns: int) -> None:
        work = [hold(), hold(), store.record("a.1", "text"), store.save("ada", "text"), store.claim_orphans("")]
        begun = [asyncio.ensure_future(one) for one in work]
        for _ in range(turns):
            await asyncio.sleep(0.001)
        assert len(begun) == len(work)

    for turns in (0, 1, 3, 10):
        asyncio.run(begin(turns))

    async def end() -> None:
        async with asyncio.timeout(10), store.hold("name"):
            await store.record("a.2", "text")
            await store.forget("a.1", "a.2")
            assert await store.claim_orphans("") == ()
        await store.aclose()

    asyncio.run(end())


@durable
async def test_two_managers_may_share_an_object(ground: Ground) -> None:
    """What one closes the other opens again; rows of the other stay its own."""
    store, stranger = ground.store(), ground.store()
    await store.record("a.1", "text")
    under_way = asyncio.create_task(store.save("ada", "text"))
    await asyncio.gather(store.aclose(), store.aclose())
    assert under_way.done()
    assert await store.load("ada") == "text"
    assert await stranger.claim_orphans("") == ()
    await store.abandon("a.1")
    assert [key for key, _ in await stranger.claim_orphans("")] == ["a.1"]
    await store.aclose()
    await store.aclose()
    await stranger.aclose()


@durable
async def test_a_close_waits_for_what_is_under_way(ground: Ground) -> None:
    """Reads and writes that were begun before a close end well, whenever it comes."""
    store = ground.store()
    await store.save("ada", "text")
    for turns in range(6):
        loads = [asyncio.create_task(store.load("ada")) for _ in range(4)]
        writes = [asyncio.create_task(store.save("bob", "text")) for _ in range(4)]
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        await store.aclose()
        assert await asyncio.gather(*loads) == ["text"] * 4
        assert await asyncio.gather(*writes) == [None] * 4
    await store.aclose()


@durable
async def test_an_object_that_was_never_used_closes(ground: Ground) -> None:
    """Closing what was not opened does nothing."""
    await ground.store().aclose()


@durable
async def test_nothing_stays_after_a_close(ground: Ground) -> None:
    """A closed store that owns nothing has no task, and no thread but those of the event loop's own pool."""
    store = ground.store()
    await store.record("a.1", "text")
    await store.forget("a.1")
    async with store.hold("name"):
        pass
    await store.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    ending = [thread for thread in threading.enumerate() if "connection_worker" in thread.name]
    for thread in ending:
        thread.join(timeout=5)
    assert not any(thread.is_alive() for thread in ending)


@durable
async def test_no_text_shows_in_any_log(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    """With every logger at its loudest, and the event loop telling of each step, no text of a session is shown."""
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0
    store, other = ground.store(), ground.store()
    await asyncio.gather(*(store.record(f"a.{number}", CANARY) for number in range(3)))
    await store.save("ada", CANARY)
    load = asyncio.create_task(store.load("ada"))
    assert await load == CANARY
    await store.abandon("a.1")
    claim = asyncio.create_task(other.claim_orphans(""))
    assert await claim == (("a.1", CANARY),)
    with pytest.raises(TimeoutError):
        async with store.hold("name"), asyncio.timeout(0.05), other.hold("name"):
            pass
    shown = [repr(load), repr(claim), repr(store), repr(other)]
    await store.aclose()
    await other.aclose()
    loop.set_debug(False)
    assert "Executing <" in caplog.text
    assert ground.kind != "sqlite" or "executing functools.partial" in caplog.text
    assert CANARY not in "".join([caplog.text, *shown])
    assert "canary" not in "".join([caplog.text, *shown])
