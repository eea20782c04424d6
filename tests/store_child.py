"""What tests let other processes do with a store: python -m tests.store_child KIND PLACE PREFIX ACTION ARGUMENT..."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

from tmdb_auth_async import SessionStore

from .store_grounds import Ground


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def record(store: SessionStore, count: str) -> None:
    """Record rows and live on, until killed."""
    await asyncio.gather(*(store.record(f"child.{number}", f"text {number}") for number in range(int(count))))
    _say("recorded")
    await asyncio.sleep(60)


async def stream(store: SessionStore) -> None:
    """Record rows without end, four at a time, and tell of each once it is acknowledged."""

    async def record_some(who: int) -> None:
        for number in range(100_000):
            await store.record(f"child.{who}.{number}", "text")
            _say(f"child.{who}.{number}")

    await asyncio.gather(*map(record_some, range(4)))


async def hold(store: SessionStore, name: str) -> None:
    """Hold a name and live on, until killed."""
    async with store.hold(name):
        _say("held")
        await asyncio.sleep(60)


async def write(store: SessionStore, who: str, count: str) -> None:
    """Write many rows and kept texts at once, take half of the rows out again, and leave the rest to anybody."""
    numbers = range(int(count))

    async def one(number: int) -> None:
        await store.record(f"{who}.{number}", f"row {number} of {who}")
        await store.save(f"{who} {number}", f"text {number} of {who}")
        if number % 2:
            await store.forget(f"{who}.{number}")

    await asyncio.gather(*map(one, numbers))
    await store.abandon(*(f"{who}.{number}" for number in numbers if not number % 2))
    await store.aclose()


async def count(store: SessionStore, name: str, times: str) -> None:
    """Add one to a kept number, many times, each time alone."""

    async def once() -> None:
        async with store.hold(name):
            number = int(await store.load(name) or 0)
            await store.save(name, str(number + 1))

    await asyncio.gather(*(once() for _ in range(int(times))))
    await store.aclose()


async def claim(store: SessionStore, prefix: str) -> None:
    """Claim once, when told to, and tell which rows came of it."""
    await store.names()
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    rows = await store.claim_orphans(prefix)
    _say(",".join(key for key, _ in rows) or "none")
    await asyncio.sleep(60)


def drop(store: SessionStore) -> None:
    """Use the store in an event loop that is neither ended nor closed."""
    asyncio.new_event_loop().run_until_complete(store.record("dropped.1", "text"))
    _say("used")


async def leave(store: SessionStore) -> None:
    """Use everything once, and never close the store."""
    await store.record("left.1", "text")
    async with store.hold("left"):
        await store.save("left", "text")
    await store.claim_orphans("left.")
    _say("used")


def fork(store: SessionStore) -> None:
    """Use the store in a forked process too: both are owners of their own."""
    with asyncio.Runner() as runner:
        runner.run(store.record("parent.1", "the parent's"))
        child = os.fork()
        if child == 0:
            os._exit(asyncio.run(_in_fork(store)))
        _, status = os.waitpid(child, 0)
        runner.run(store.record("parent.2", "the parent's"))
        rows = runner.run(store.claim_orphans("fork."))
        _say(f"{os.waitstatus_to_exitcode(status)} {[str(key) for key, _ in rows]}")
        runner.run(store.aclose())


async def _in_fork(store: SessionStore) -> int:
    await store.record("fork.1", "the fork's")
    return len(await store.claim_orphans("parent."))


ACTIONS: dict[str, Callable[..., Any]] = {
    do.__name__: do for do in (record, stream, hold, write, count, claim, drop, leave, fork)
}

if __name__ == "__main__":
    kind, place, prefix, action, *arguments = sys.argv[1:]
    ground = Ground(kind, place, prefix)
    ground.enter()
    done = ACTIONS[action](ground.store(), *arguments)
    if done is not None:
        asyncio.run(done)
