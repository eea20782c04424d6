"""See a clean-up through: wait for what must end, whatever cancels come meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn, TypeVar

from .deadlines import Deadlines
from .errors import SessionClosed

T = TypeVar("T")


class _Waiting:
    """Somebody who waits for a task or the end of their patience."""

    __slots__ = ("over", "waiter")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.over = False
        self.waiter: asyncio.Future[None] = loop.create_future()

    def wake(self, _: object = None) -> None:
        if not self.waiter.done():
            self.waiter.set_result(None)

    def expire(self) -> None:
        self.over = True
        self.wake()


async def see_through(
    task: asyncio.Future[Any], *, timeout_s: float = 0.0, deadlines: Deadlines | None = None
) -> asyncio.CancelledError | None:
    """Wait until *task* is done or the time is over, through any number of cancels.

    The time is *timeout_s* seconds, or that of *deadlines*, which many waits share.
    Return the last cancel that came meanwhile, for the caller to raise once its own
    work is in order, or `None`. Never cancels *task* and never reads its result.
    """
    if task.done():
        return None
    cancel: asyncio.CancelledError | None = None
    loop = task.get_loop()
    waiting = _Waiting(loop)
    limits = Deadlines(timeout_s) if deadlines is None else deadlines
    limits.add(waiting)
    wake = waiting.wake
    task.add_done_callback(wake)
    try:
        while not task.done() and not waiting.over:
            try:
                await waiting.waiter
            except asyncio.CancelledError as error:
                cancel = error
                waiting.waiter = loop.create_future()
    finally:
        task.remove_done_callback(wake)
        if deadlines is None:
            limits.stop()
        else:
            limits.discard(waiting)
    return cancel


async def to_the_end(task: asyncio.Task[T]) -> T:
    """Wait until *task* is done, through any number of cancels; raise the last of them, or return its result."""
    cancel: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancel = error
    if cancel is None:
        return task.result()
    if not task.cancelled():
        task.exception()
    raise cancel


async def refuse(message: str) -> NoReturn:
    """Raise `SessionClosed` in the loop's next turn: who asks again and again lets the others end their work."""
    await asyncio.sleep(0)
    raise SessionClosed(message)


def raise_or_leave(cancel: asyncio.CancelledError | None, error: BaseException | None) -> None:
    """Raise *cancel*, if there is one; where a block's *error* must pass first, deliver it once more behind that."""
    if cancel is None or isinstance(error, asyncio.CancelledError):
        return
    if error is None:
        raise cancel
    task = asyncio.current_task()
    if task is not None:
        cancel_later(task)


def cancel_later(task: asyncio.Task[Any]) -> None:
    """Deliver a cancel that *task* has already received once more, when it next waits for something.

    For the one case in which an error must pass before the cancel: the count of
    cancels stays what it was, so that timeouts and task groups still add up. A cancel
    that a timeout has taken back by then, because the error has left its block, is over.
    """
    asyncio.get_running_loop().call_soon(_deliver, task, task.cancelling())


def _deliver(task: asyncio.Task[Any], cancels: int) -> None:
    # Not at once: before Python 3.13 `uncancel` does not take back a cancel that was not delivered yet.
    if task.cancelling() >= cancels and not task.done():
        task.uncancel()
        task.cancel()
