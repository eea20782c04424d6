"""Run what may block beside the event loop, in a thread that no exit of the program waits for."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """Return what *work* returns, or raise what it raises; a cancel leaves it to itself."""
    context = contextvars.copy_context()
    results: list[T] = []  # not the future's: asyncio's debug mode shows that, and this is a secret
    done: Future[None] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:  # noqa: BLE001  # it is raised where the work is awaited
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=run, name="tmdb_auth_async", daemon=True).start()
    await asyncio.wrap_future(done)
    return results[0]
