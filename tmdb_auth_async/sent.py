"""A request on its way, whose answer one task may wait for, and then another."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Generator
from typing import Any

from .signed import Signed
from .values import Response


class Sent:
    """A request that is sent in the task of whoever waits, and stays on its way when that one leaves.

    A task that only waits costs more than the wait. So the steps of the sending are taken
    in the waiting task itself, which is woken for each by a future of its own: a cancel
    reaches that future alone, and whoever waits next takes the steps that are left. It is
    for sendings that do not ask which task they are in.
    """

    __slots__ = ("_future", "_left", "_steps", "_waiter", "failure", "ready", "response", "started")

    def __init__(self, ready: Signed, sending: Coroutine[Any, Any, Response], *, started: float) -> None:
        """Send *ready*, by taking the steps of *sending*, from the first wait on; *started* is a monotonic time."""
        self.ready = ready
        self.started = started
        self.response: Response | None = None
        self.failure: BaseException | None = None
        self._steps: Coroutine[Any, Any, Response] | None = sending
        self._future: asyncio.Future[Any] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._left = False

    @types.coroutine
    def here(self) -> Generator[Any, None, None]:
        """Wait until `response` or `failure` is there, or somebody calls `leave`."""
        while self._steps is not None and not self._left:
            future = self._future
            if future is None or future.done():
                if self._step():
                    yield  # as asyncio.sleep(0) does
                continue
            waiter = self._waiter = future.get_loop().create_future()
            future.add_done_callback(self._wake)
            yield from waiter

    async def answer(self) -> Response:
        """Wait for the answer, and be the last to: a cancel ends the request; raises what sending raises."""
        self._left = False
        try:
            await self.here()
        finally:
            self._end()
        if self.response is None:
            raise self.failure or asyncio.CancelledError
        return self.response

    def leave(self) -> None:
        """Let whoever waits go on without an answer."""
        self._left = True
        self._wake()

    def _step(self) -> bool:
        """Take the next step, and say whether it waits for nothing but a turn of the loop."""
        steps, self._steps = self._steps, None
        if steps is None:
            return False
        try:
            future = steps.send(None)
        except StopIteration as end:
            self.response = end.value
            return False
        except BaseException as error:  # kept for whoever asks for the answer
            self.failure = error
            if not isinstance(error, Exception):
                raise
            return False
        self._steps, self._future = steps, future
        if future is not None:
            future._asyncio_future_blocking = False  # noqa: SLF001  # as a task does with what it waits for
        return future is None

    def _wake(self, _: object = None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _end(self) -> None:
        """Cancel what is left of the sending, if anything is."""
        steps, self._steps = self._steps, None
        if steps is None:
            return
        try:
            steps.throw(asyncio.CancelledError())
        except (StopIteration, Exception, asyncio.CancelledError):  # noqa: BLE001, S110  # nobody waits for what it says
            pass
        else:
            steps.close()
