"""Time limits: whose time is over is interrupted, in whatever loop they run, and nobody else."""

from __future__ import annotations

import asyncio
from time import monotonic

from tmdb_auth_async.deadlines import TimeLimit

SOON_S = 0.01
LONG_S = 30.0


async def interrupted(limit: TimeLimit, seconds: float) -> bool:
    """Sleep under *limit*, and say whether it was that which ended it."""
    task = limit.begin(monotonic())
    assert task is not None
    cancels = task.cancelling()
    over = False
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        over = limit.end(task, cancels)
        if not over:
            raise
    finally:
        limit.end(task, cancels)
    return over


async def test_who_is_too_late_is_interrupted_and_nobody_else() -> None:
    """The slow one is, the quick one and the one that is cancelled from outside are not."""
    limit = TimeLimit(SOON_S)
    slow, quick = await asyncio.gather(interrupted(limit, LONG_S), interrupted(limit, 0))
    assert (slow, quick) == (True, False)
    task = asyncio.create_task(interrupted(TimeLimit(LONG_S), LONG_S))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def test_a_task_is_in_line_once() -> None:
    """Within a limit the same task does not begin it again: its first time counts."""
    limit = TimeLimit(LONG_S)
    task = limit.begin(monotonic())
    assert task is not None
    assert limit.begin(monotonic()) is None
    limit.end(task, 0)
    assert limit.begin(monotonic()) is task
    limit.end(task, 0)
    limit.stop()


def test_a_limit_goes_on_in_the_next_loop() -> None:
    """A loop that ends while the timer runs takes nothing with it: the next one has a timer of its own."""
    limit = TimeLimit(SOON_S)
    assert [asyncio.run(interrupted(limit, seconds)) for seconds in (0, LONG_S, 0, 0, LONG_S)] == [
        False,
        True,
        False,
        False,
        True,
    ]
