"""Scopes that are cancelled at random moments: what they leave behind, and what they cost in connections."""

from __future__ import annotations

import asyncio
import random

import attrs

from ..candidates import CANDIDATES
from ..crowd import crowd, measured
from ..target import Target

_AT_ONCE = 64
_SEED = 550


@attrs.frozen(kw_only=True)
class Cancelled:
    """How many scopes were cancelled on their way, and the mean CPU seconds of all."""

    scopes: int
    cancelled: int
    cpu_s: float


async def cancel(target: Target, name: str, count: int) -> Cancelled:
    """Run *count* scopes of a candidate, each cancelled at a random moment of the time that one takes undisturbed."""
    candidate = CANDIDATES[name](target)
    await candidate.start()
    undisturbed = await measured(crowd(candidate.cycle, times=8 * _AT_ONCE, concurrency=_AT_ONCE))
    takes_s = undisturbed.wall_s / 8
    rng = random.Random(_SEED)  # noqa: S311  # chance that can be repeated, no secret
    loop = asyncio.get_running_loop()
    cancelled = 0

    async def one() -> None:
        nonlocal cancelled
        task = asyncio.ensure_future(candidate.cycle())
        handle = loop.call_later(rng.uniform(0, takes_s), task.cancel)
        await asyncio.wait({task})
        handle.cancel()
        cancelled += task.cancelled()

    took = await measured(crowd(one, times=count, concurrency=_AT_ONCE))
    await crowd(candidate.get, times=1, concurrency=1)
    await candidate.stop()
    return Cancelled(scopes=count, cancelled=cancelled, cpu_s=took.cpu_s / count)
