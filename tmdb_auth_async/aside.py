"""Run what may block, a caller's function above all, beside the event loop in a thread that no exit waits for."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


async def outcome_of(function: Callable[[*Ts], object], *args: *Ts) -> object:
    """Call a function of the caller's, a coroutine function here, any other in a thread; return what comes of it."""
    if _is_coroutine_function(function):
        outcome = function(*args)
    else:
        outcome = await aside(functools.partial(function, *args))
    return await outcome if inspect.isawaitable(outcome) else outcome


async def aside(work: Callable[[], T]) -> T:
    """Return what *work* returns, or raise what it raises; a cancel leaves it to itself."""
    loop = asyncio.get_running_loop()
    results: list[T] = []  # not the future's: asyncio's debug mode shows that, and it may be a secret
    future: asyncio.Future[None] = loop.create_future()
    context = contextvars.copy_context()

    def settle(error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)

    def run() -> None:
        failure: BaseException | None = None
        try:
            results.append(context.run(work))
        except StopIteration:
            failure = RuntimeError("the function raised StopIteration, which no future can carry")
        except BaseException as error:  # noqa: BLE001  # whatever it raises is its caller's to see
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, failure)

    threading.Thread(target=run, name="tmdb_auth_async", daemon=True).start()
    await future
    return results[0]


def _is_coroutine_function(function: Callable[..., object]) -> bool:
    call = cast("object", getattr(function, "__call__", None))  # noqa: B004  # the method, not whether there is one
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)
