"""Call a function of the caller's, coroutine or plain, without ever holding up the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

A = TypeVar("A")


async def tell(function: Callable[[A], object], what: A) -> object:
    """Return what *function* makes of *what*: a coroutine function runs here, any other in a thread of its own.

    The thread does not keep the program from ending: a text browser that is never left is no reason to hang.
    """
    if _is_coroutine_function(function):
        result = function(what)
    else:
        result = await _in_thread(functools.partial(function, what))
    return await result if inspect.isawaitable(result) else result


def _is_coroutine_function(function: Callable[..., object]) -> bool:
    call = cast("object", getattr(function, "__call__", None))  # noqa: B004  # the method, not whether there is one
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)


async def _in_thread(work: Callable[[], object]) -> object:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[object] = loop.create_future()
    context = contextvars.copy_context()

    def settle(result: object, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        result: object = None
        failure: BaseException | None = None
        try:
            result = context.run(work)
        except StopIteration:
            failure = RuntimeError("the function raised StopIteration, which no future can carry")
        except BaseException as error:  # noqa: BLE001  # whatever it raises is its caller's to see
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="tmdb_auth_async", daemon=True).start()
    return await future
