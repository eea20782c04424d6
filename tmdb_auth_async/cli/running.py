"""How a command runs what is asynchronous: to its end, or until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from .output import Unwritten, telling

T = TypeVar("T")

_STOPS = ("SIGTERM", "SIGHUP")


class Terminated(Exception):
    """A signal has stopped it: a SIGTERM, or a SIGHUP when its terminal went away."""

    def __init__(self, number: int) -> None:
        """Keep the *number* of the signal."""
        super().__init__(number)
        self.number = number


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of *work*; a SIGTERM or SIGHUP cancels it as Ctrl-C does, and is then `Terminated`.

    So does an output that cannot be written, and is then `Unwritten`.
    """
    came: list[Terminated | Unwritten] = []

    async def stoppable() -> T:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()

        def stop(why: Terminated | Unwritten) -> None:
            came.append(why)
            task.cancel()

        for name in _STOPS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # on Windows, or in a thread
                    loop.add_signal_handler(number, stop, Terminated(number))
        with telling(lambda why: loop.call_soon_threadsafe(stop, why)):  # a countdown is drawn by a thread
            return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        if not came:
            raise
    raise came[0]
