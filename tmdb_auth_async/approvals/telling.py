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


async def tell(function: Callable[[A], object], what: A) -> bool:
    """Call *function* with *what*, a coroutine function here, any other in a thread; say whether it gave no `False`.

    The thread does not keep the program from ending: a text browser that is never left is no reason to hang.
    """
    if _is_coroutine_function(function):
        result = function(what)
    else:
        result = await _in_thread(functools.partial(function, what))
    return (await result if inspect.isawaitable(result) else result) is not False


def _is_coroutine_function(function: Callable[..., object]) -> bool:
    call = cast("object", getattr(function, "__call__", None))  # noqa: B004  # the method, not whether there is one
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)


async def _in_thread(work: Callable[[], object]) -> object:
    loop = asyncio.get_running_loop()
    results: list[object] = []  # not the future's: asyncio's debug mode shows that, and it may be what was told
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
