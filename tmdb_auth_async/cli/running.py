"""How a command runs what is asynchronous: to its end, or until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Terminated(Exception):
    """A SIGTERM has stopped it."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of *work*; a SIGTERM cancels it as Ctrl-C does, and is then `Terminated`."""
    signals: list[int] = []

    async def stoppable() -> T:
        task = asyncio.ensure_future(work)

        def stop() -> None:
            signals.append(signal.SIGTERM)
            task.cancel()

        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # on Windows, or in a thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        if not signals:
            raise
    raise Terminated
