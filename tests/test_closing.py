"""Seeing a clean-up through: any number of cancels, within its time."""

from __future__ import annotations

import asyncio
import time

import pytest

from tmdb_auth_async.closing import cancel_later, see_through
from tmdb_auth_async.deadlines import Deadlines


async def steps(count: int) -> str:
    """Take so many turns of the loop."""
    for _ in range(count):
        await asyncio.sleep(0)
    return "done"


async def test_it_waits_until_the_task_is_done() -> None:
    """Without a cancel there is none to return."""
    task = asyncio.create_task(steps(5))
    assert await see_through(task, timeout_s=5) is None
    assert task.result() == "done"


async def test_a_task_that_is_done_is_not_waited_for() -> None:
    """What is over is over, whatever its end."""
    for end in (None, ValueError(), asyncio.CancelledError()):
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if end is None:
            future.set_result(None)
        elif isinstance(end, asyncio.CancelledError):
            future.cancel()
        else:
            future.set_exception(end)
            future.exception()
        assert await see_through(future, timeout_s=5) is None


async def test_it_neither_cancels_nor_reads_the_task() -> None:
    """An error of the task is its owner's; a time that is over leaves the task alone."""

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError

    task = asyncio.create_task(fails())
    assert await see_through(task, timeout_s=5) is None
    assert isinstance(task.exception(), ValueError)
    waiting = asyncio.create_task(asyncio.sleep(60))
    assert await see_through(waiting, timeout_s=0.01) is None
    assert not waiting.done()
    waiting.cancel()


@pytest.mark.parametrize("cancels", [1, 2, 10])
async def test_cancels_are_counted_and_waited_through(cancels: int) -> None:
    """The last cancel is returned once the task is done, with the message it came with."""
    task = asyncio.create_task(steps(50))
    seen: list[object] = []

    async def waits() -> None:
        seen.append(await see_through(task, timeout_s=5))

    waiter = asyncio.create_task(waits())
    await asyncio.sleep(0)
    for number in range(cancels):
        waiter.cancel(f"cancel {number}")
        await asyncio.sleep(0)
        assert not waiter.done()
    await waiter
    assert task.result() == "done"
    (cancel,) = seen
    assert isinstance(cancel, asyncio.CancelledError)
    assert cancel.args == (f"cancel {cancels - 1}",)
    assert waiter.cancelling() == cancels


async def test_cancels_do_not_make_the_time_longer() -> None:
    """The time is counted from the beginning, however often it is disturbed."""
    task = asyncio.create_task(asyncio.sleep(60))

    async def waits() -> asyncio.CancelledError | None:
        return await see_through(task, timeout_s=0.1)

    waiter = asyncio.create_task(waits())
    await asyncio.sleep(0)
    started = time.monotonic()
    while not waiter.done():
        waiter.cancel()
        await asyncio.sleep(0.01)
    assert time.monotonic() - started < 0.5
    assert isinstance(waiter.result(), asyncio.CancelledError)
    assert not task.done()
    task.cancel()


async def test_many_waits_share_one_time_limit() -> None:
    """Waits of the same length are told by one timer, each in its turn."""
    deadlines = Deadlines(0.05)
    task = asyncio.create_task(asyncio.sleep(60))
    waits = [asyncio.create_task(see_through(task, deadlines=deadlines)) for _ in range(100)]
    assert await asyncio.gather(*waits) == [None] * 100
    task.cancel()


async def test_nothing_hangs_on_the_task_afterwards() -> None:
    """Who has waited leaves no callback behind."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    for _ in range(10):
        await see_through(future, timeout_s=0)
    assert "cb=" not in repr(future)


async def test_a_cancel_can_be_delivered_later() -> None:
    """An error passes first; the cancel comes at the next await, and the count is what it was."""

    async def work() -> str:
        task = asyncio.current_task()
        assert task is not None
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancel_later(task)
        assert task.cancelling() == 1
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(60)
        return "cancelled at the next await"

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "cancelled at the next await"


async def test_a_cancel_that_was_a_timeouts_is_not_delivered_after_it() -> None:
    """A time limit whose block ended by its own error has nothing more to say once it is left."""
    task = asyncio.current_task()
    assert task is not None
    with pytest.raises(ValueError, match="own"):
        async with asyncio.timeout(0.01):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancel_later(task)
            raise ValueError("own")
    assert task.cancelling() == 0
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)


async def test_a_cancel_that_is_not_a_timeouts_is_delivered_after_it() -> None:
    """Whoever cancelled from outside is heard, though a block's own error and a time limit came between."""
    heard: list[str] = []

    async def fails(task: asyncio.Task[None]) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancel_later(task)
        raise ValueError

    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            async with asyncio.timeout(60):
                await fails(task)
        except ValueError:
            heard.append("error")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            heard.append("cancel")
            raise

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == ["error", "cancel"]
