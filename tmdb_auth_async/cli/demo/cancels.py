"""Visits cancelled at random moments: what a hand-written client leaves behind, and what the manager does."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from ... import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager
from ...testing import FakeTMDB
from .findings import Outcome
from .handwritten import HandWritten

AT_ONCE = 25
REACH = 1.3
"""The random moments reach so far, in the time that an undisturbed visit takes: some come when it is over."""

LATENCY_S = 0.01
"""What the fake waits before each answer, as if it were far away."""

_NAME, _PASSWORD = "ada", "secret"

Visit = Callable[[], Coroutine[Any, Any, None]]
Tick = Callable[[], object]
"""Is called whenever a visit is over."""


async def random_moments_s(scopes: int, *, seed: int) -> list[float]:
    """Return when to cancel each of so many visits, in seconds after it began, as fits the speed of this machine."""
    async with FakeTMDB(latency_s=LATENCY_S) as fake:
        fake.add_user(_NAME, _PASSWORD)
        async with _visitor(fake) as visitor:
            await visitor.visit()
            started_s = time.perf_counter()
            await asyncio.gather(*(visitor.visit() for _ in range(AT_ONCE)))
            undisturbed_s = time.perf_counter() - started_s
    rng = random.Random(seed)  # noqa: S311  # the same moments each time, no secret
    return [rng.uniform(0, REACH * undisturbed_s) for _ in range(scopes)]


async def by_hand(moments_s: Sequence[float], *, tick: Tick) -> Outcome:
    """Cancel visits of `HandWritten`."""
    async with FakeTMDB(latency_s=LATENCY_S) as fake:
        fake.add_user(_NAME, _PASSWORD)
        started_s = time.perf_counter()
        async with _visitor(fake) as visitor:
            endings = await _cancelled(visitor.visit, moments_s, tick=tick)
        return _outcome(endings, fake, started_s)


async def by_manager(moments_s: Sequence[float], *, tick: Tick) -> Outcome:
    """Cancel scoped sessions of a `SessionManager`."""
    async with FakeTMDB(latency_s=LATENCY_S) as fake:
        fake.add_user(_NAME, _PASSWORD)
        started_s = time.perf_counter()
        async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:

            async def visit() -> None:
                async with manager.session(RequestTokenLogin(Password(_NAME, _PASSWORD))) as session:
                    await session.get("/3/account")
                    await session.get("/3/account")

            endings = await _cancelled(visit, moments_s, tick=tick)
        return _outcome(endings, fake, started_s)


@asynccontextmanager
async def _visitor(fake: FakeTMDB) -> AsyncGenerator[HandWritten]:
    headers = {"Authorization": f"Bearer {fake.read_access_token}"}
    async with aiohttp.ClientSession(fake.url, headers=headers) as client:
        visitor = HandWritten(client, username=_NAME, password=_PASSWORD)
        yield visitor
        await visitor.aclose()


async def _cancelled(visit: Visit, moments_s: Sequence[float], *, tick: Tick) -> Counter[str]:
    """Cancel a visit at each of the moments; count how they ended."""
    turns = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()
    endings: Counter[str] = Counter()

    async def one(moment_s: float) -> None:
        async with turns:
            task = asyncio.create_task(visit())
            cancel = loop.call_later(moment_s, task.cancel)
            await asyncio.wait({task})
            cancel.cancel()
        endings["cancelled" if task.cancelled() else "failed" if task.exception() else "finished"] += 1
        tick()

    await asyncio.gather(*map(one, moments_s))
    return endings


def _outcome(endings: Counter[str], fake: FakeTMDB, started_s: float) -> Outcome:
    return Outcome(
        scopes=endings.total(),
        cancelled=endings["cancelled"],
        finished=endings["finished"],
        failed=endings["failed"],
        left_behind=len(fake.sessions),
        took_s=round(time.perf_counter() - started_s, 2),
    )
