"""A request on its way, whose answer one task may wait for, and then another."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from typing import Any

from ..signed import Signed
from ..values import Response


class _Wait:
    """What a task waits for in place of a future: a cancel ends the wait, and the future stays what it is.

    It is a future-like object, as `asyncio.isfuture` has them: a task tells it whom to
    wake, and to cancel. What wakes the task is the future itself, with no turn of the
    loop between, in which a flood of answers would pile up.
    """

    __slots__ = ("_asyncio_future_blocking", "_context", "_future", "_wake_up")

    def __init__(self, future: asyncio.Future[Any]) -> None:
        self._asyncio_future_blocking = True
        self._future = future
        self._wake_up: Callable[[Any], object] | None = None
        self._context: Context | None = None

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._future.get_loop()

    def add_done_callback(self, wake_up: Callable[[Any], object], *, context: Context | None = None) -> None:
        self._wake_up = wake_up
        self._context = context
        self._future.add_done_callback(wake_up, context=context)

    def cancel(self, msg: object = None) -> bool:
        """Wake the task; that it is cancelled it is told by nobody but itself."""
        del msg
        self.end()
        return False

    def end(self) -> None:
        """Wake the task, unless the future does by now."""
        if self._wake_up is not None and self._future.remove_done_callback(self._wake_up):
            self._future.get_loop().call_soon(self._wake_up, self, context=self._context)

    def result(self) -> None:
        """Return what a task asks for that wakes up."""


class Sent:
    """A request that is sent in the task of whoever waits, and stays on its way when that one leaves.

    A task that only waits costs more than the wait. So the steps of the sending are taken
    in the waiting task itself, which a cancel takes away from it and not along with it:
    whoever waits next takes the steps that are left. It is for sendings that do not ask
    which task they are in.
    """

    __slots__ = ("_future", "_left", "_steps", "_wait", "failure", "ready", "response", "started")

    def __init__(self, ready: Signed, sending: Coroutine[Any, Any, Response], *, started: float) -> None:
        """Send *ready*, by taking the steps of *sending*, from the first wait on; *started* is a monotonic time."""
        self.ready = ready
        self.started = started
        self.response: Response | None = None
        self.failure: BaseException | None = None
        self._steps: Coroutine[Any, Any, Response] | None = sending
        self._future: asyncio.Future[Any] | None = None
        self._wait: _Wait | None = None
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
            self._wait = _Wait(future)
            try:
                yield self._wait
            except asyncio.CancelledError:
                if not future.cancelled():
                    raise
            except Exception:  # noqa: BLE001, S110  # the future's own, which the sending meets in its next step
                pass

    async def answer(self) -> Response:
        """Wait for the answer, and be the last to: a cancel ends the request; raises what sending raises."""
        self._left = False
        try:
            await self.here()
        finally:
            self.drop()
        if self.response is None:
            raise self.failure or asyncio.CancelledError
        return self.response

    def leave(self) -> None:
        """Let whoever waits go on without an answer."""
        self._left = True
        if self._wait is not None:
            self._wait.end()

    def drop(self) -> None:
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
            future._asyncio_future_blocking = False  # noqa: SLF001  # as a task does with what it is handed
        return future is None
