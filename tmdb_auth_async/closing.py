"""See a clean-up through: wait for what must end, whatever cancels come meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


async def see_through(task: asyncio.Future[Any], *, timeout_s: float) -> asyncio.CancelledError | None:
    """Wait until *task* is done or *timeout_s* seconds are over, through any number of cancels.

    Return the last cancel that came meanwhile, for the caller to raise once its own
    work is in order, or `None`. Never cancels *task* and never reads its result.
    """
    loop = asyncio.get_running_loop()
    cancel: asyncio.CancelledError | None = None
    deadline = loop.time() + timeout_s
    while not task.done() and (left_s := deadline - loop.time()) > 0:
        waiter: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(left_s, _wake, waiter)

        def done(_: object, waiter: asyncio.Future[None] = waiter) -> None:
            _wake(waiter)

        task.add_done_callback(done)
        try:
            await waiter
        except asyncio.CancelledError as error:
            cancel = error
        finally:
            timer.cancel()
            task.remove_done_callback(done)
    return cancel


def cancel_later(task: asyncio.Task[Any]) -> None:
    """Deliver a cancel that *task* has already received once more, at its next await.

    For the one case in which an error must pass before the cancel: the count of
    cancels stays what it was, so that timeouts and task groups still add up.
    """
    task.uncancel()
    task.cancel()
