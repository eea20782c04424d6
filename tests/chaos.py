"""Scopes cancelled at random moments, and what they leave behind: for the tests, and by hand for large numbers."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import attrs

from tests.scope_kit import ADA, APART
from tmdb_auth_async import TMDB, AuthError, BearerToken, RequestTokenLogin, SessionManager, Stats
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.testing.faults import FaultKind

Make = Callable[[FakeTMDB], AbstractAsyncContextManager[SessionManager]]


@attrs.frozen
class Outcome:
    """What became of the scopes, and what is live at the service at two moments."""

    endings: Counter[str]
    wrong: int
    live_before: int
    live_after: int
    stats: Stats


@asynccontextmanager
async def plain(fake: FakeTMDB, **settings: Any) -> AsyncIterator[SessionManager]:
    """Give a manager on *fake* with *settings*."""
    async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), **settings) as manager:
        yield manager


async def run_scopes(
    fake: FakeTMDB,
    manager: SessionManager,
    *,
    count: int,
    seed: int,
    cancels: int = 1,
    at_once: int = 64,
    within_s: float = 0.1,
    strategy: RequestTokenLogin = ADA,
) -> tuple[Counter[str], int]:
    """Open *count* scopes, cancel each *cancels* times at random moments; tell how they ended, and how many wrongly."""
    rng = random.Random(seed)
    endings: Counter[str] = Counter()
    wrong = 0
    turns = asyncio.Semaphore(at_once)

    async def scope() -> None:
        async with manager.session(strategy) as session:
            await session.get("/3/account")
            await session.get("/3/account")

    async def one(moments: list[float]) -> None:
        nonlocal wrong
        async with turns:
            task = asyncio.create_task(scope())
            loop = asyncio.get_running_loop()
            handles = [loop.call_later(moment, task.cancel) for moment in moments]
            try:
                await task
                ending = "done"
            except asyncio.CancelledError:
                ending = "cancelled"
            except AuthError as error:
                ending = type(error).__name__
            if task.cancelling() and not task.cancelled() and ending != "done":
                ending += " in spite of a cancel"
            for handle in handles:
                handle.cancel()
            wrong += bool(task.cancelling()) and ending == "done"
            endings[ending] += 1

    await asyncio.gather(*(one(sorted(rng.uniform(0, within_s) for _ in range(cancels))) for _ in range(count)))
    return endings, wrong


async def scenario(name: str, count: int, seed: int) -> Outcome:
    """Run one of the scenarios by name."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        settings: dict[str, Any] = {}
        cancels = 1
        client = None
        if name == "two cancels":
            cancels = 2
        elif name == "faults":
            settings["retries"] = 3
        elif name == "pool":
            client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=10))
            settings["client"] = client
        elif name == "slow tail":
            settings["timeout_s"] = 0.05
        stop = asyncio.Event()

        async def troubles() -> None:
            rng = random.Random(seed)
            kinds: list[FaultKind] = ["reset", "lost answer", "status", "html", "garbage", "truncated", "hang"]
            while not stop.is_set():
                if name == "faults":
                    fake.fail(rng.choice(kinds), times=1, skip=rng.randrange(40, 60))
                elif name == "slow tail":
                    fake.fail("delay", times=1, delay_s=0.2, skip=rng.randrange(5, 15), carried_out=True)
                await asyncio.sleep(0.01)

        trouble = asyncio.create_task(troubles())
        async with plain(fake, **settings) as manager:
            strategy = APART if name == "apart" else ADA
            endings, wrong = await run_scopes(fake, manager, count=count, seed=seed, cancels=cancels, strategy=strategy)
            live_before = len(fake.sessions)
            stop.set()
            await trouble
            fake.heal()
        if client is not None:
            await client.close()
        return Outcome(endings, wrong, live_before, len(fake.sessions), manager.stats())


async def _main(count: int) -> None:
    for name in ("one cancel", "two cancels", "apart", "faults", "pool", "slow tail"):
        started = time.perf_counter()
        outcome = await scenario(name, count, 1)
        sys.stdout.write(f"{name}: {outcome} {time.perf_counter() - started:.1f} s\n")


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
