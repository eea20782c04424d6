"""Stores that several processes share: crashes, races, forks and exits."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack

import pytest

from .store_fixtures import durable, on_a_server_or_file
from .store_grounds import LEASE_S, Ground, line_of

NOTICED_S = 5.0
"""How long a death may go unnoticed on the same machine."""


@durable
async def test_a_killed_owner_is_noticed(ground: Ground) -> None:
    """The rows of a process that was killed outright are claimed within seconds, and none while it lives."""
    store = ground.store()
    with ground.child("record", "20") as child:
        assert line_of(child) == "recorded"
        await asyncio.sleep(1.5 * LEASE_S if ground.kind == "redis" else 0)
        assert await store.claim_orphans("child.") == ()
        child.kill()
        killed_at = time.monotonic()
        rows: dict[str, str] = {}
        while not rows:
            assert time.monotonic() < killed_at + NOTICED_S
            await asyncio.sleep(0.01)
            rows = dict(await store.claim_orphans("child."))
    assert rows == {f"child.{number}": f"text {number}" for number in range(20)}
    await store.aclose()


@durable
async def test_a_kill_in_the_middle_loses_nothing_acknowledged(ground: Ground) -> None:
    """Whatever a process was told to be written is there after a kill that comes in the middle of other writes."""
    store = ground.store()
    with ground.child("stream") as child:
        told = [line_of(child) for _ in range(60)]
        child.kill()
        assert child.stdout is not None
        told += child.stdout.read().split("\n")[:-1]
    rows: set[str] = set()
    async with asyncio.timeout(NOTICED_S):
        while not rows:
            rows = {key for key, _ in await store.claim_orphans("child.")}
            await asyncio.sleep(0.01)
    assert set(told) <= rows
    assert len(rows) <= len(told) + 4
    await store.aclose()


@durable
async def test_a_killed_holder_lets_go(ground: Ground) -> None:
    """A name that was held by a process that was killed is held by the next within seconds, and not before."""
    store = ground.store()
    with ground.child("hold", "name") as child:
        assert line_of(child) == "held"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5 * LEASE_S if ground.kind == "redis" else 0.2), store.hold("name"):
                pass
        child.kill()
        async with asyncio.timeout(NOTICED_S), store.hold("name"):
            pass
    await store.aclose()


@durable
async def test_processes_that_claim_at_once_share_nothing(ground: Ground) -> None:
    """Each row that is nobody's goes to one of two processes that claim at the same moment."""
    store = ground.store()
    keys = [f"a.{number}" for number in range(30)]
    await asyncio.gather(*(store.record(key, "text") for key in keys))
    await store.abandon(*keys)
    with ExitStack() as stack:
        children = [stack.enter_context(ground.child("claim", "a.")) for _ in range(2)]
        for child in children:
            assert line_of(child) == "ready"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        found = [line_of(child).split(",") for child in children]
    assert sorted(key for keys in found for key in keys if key != "none") == sorted(keys)
    await store.aclose()


@on_a_server_or_file
async def test_four_processes_write_at_once(ground: Ground) -> None:
    """What four processes write, each many times at once, is all there; what they took out is not."""
    with ExitStack() as stack:
        children = [stack.enter_context(ground.child("write", f"child {number}", "100")) for number in range(4)]
        complaints = [child.communicate(timeout=30)[1] for child in children]
    assert complaints == [""] * 4
    store = ground.store()
    rows = dict(await store.claim_orphans("child"))
    assert rows == {
        f"child {child}.{number}": f"row {number} of child {child}" for child in range(4) for number in range(0, 100, 2)
    }
    assert len(await store.names()) == 400
    await store.aclose()


@durable
async def test_processes_hold_a_name_in_turn(ground: Ground) -> None:
    """A number that two processes count up, each twenty times at once, misses no count."""
    with ExitStack() as stack:
        children = [stack.enter_context(ground.child("count", "number", "20")) for _ in range(2)]
        complaints = [child.communicate(timeout=30)[1] for child in children]
    assert complaints == [""] * 2
    store = ground.store()
    assert await store.load("number") == "40"
    await store.aclose()


@durable
def test_a_store_that_nobody_closed_ends_in_silence(ground: Ground) -> None:
    """A program that forgets to close its store ends at once, without a warning in development mode."""
    with ground.child("leave") as child:
        said, complaint = child.communicate(timeout=10)
    assert (said, complaint, child.returncode) == ("used\n", "", 0)


@durable
def test_an_event_loop_that_nobody_ended_keeps_no_program(ground: Ground) -> None:
    """A program ends, with its rows for others to claim, whatever it did to its event loop."""
    with ground.child("drop") as child:
        said, _ = child.communicate(timeout=10)
    assert (said, child.returncode) == ("used\n", 0)


@durable
def test_a_fork_is_an_owner_of_its_own(ground: Ground) -> None:
    """A forked process takes nothing from its parent, whose store works on; what the fork left, the parent claims."""
    with ground.child("fork") as child:
        said, complaint = child.communicate(timeout=10)
    fork_rows = "[]" if ground.kind == "redis" else "['fork.1']"  # a server notices a death by its lease alone
    assert (said, complaint) == (f"0 {fork_rows}\n", "")
