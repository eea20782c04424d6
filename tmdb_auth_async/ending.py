"""The end of a manager: begun once, and waited for by all who want it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from .closing import see_through

log = logging.getLogger("tmdb_auth_async")


class Ending:
    """Ends what is the manager's in a task of its own, which no cancel of a waiter reaches."""

    __slots__ = ("_end", "_task", "_timeout_s")

    def __init__(self, end: Callable[[], Coroutine[Any, Any, None]], *, timeout_s: float) -> None:
        """End by *end*, which is begun once more where it was cancelled; nobody waits longer than *timeout_s*."""
        self._end = end
        self._timeout_s = timeout_s
        self._task: asyncio.Task[None] | None = None

    @property
    def has_begun(self) -> bool:
        """Whether anybody wanted the end yet."""
        return self._task is not None

    async def wait(self) -> asyncio.CancelledError | None:
        """Begin to end, unless that is done already, and wait; return a cancel that came meanwhile, to be raised."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._through())
        cancel = await see_through(self._task, timeout_s=self._timeout_s)
        if self._task.done() and not self._task.cancelled() and isinstance(self._task.exception(), KeyboardInterrupt):
            self._task = asyncio.get_running_loop().create_task(self._through())  # a second Ctrl-C has hit it
            cancel = await see_through(self._task, timeout_s=self._timeout_s) or cancel
        if not self._task.done():
            log.warning("the store does not answer: the manager's end takes longer and goes on")
        elif cancel is None:
            await self._task
        return cancel

    async def _through(self) -> None:
        try:
            await self._end()
        except asyncio.CancelledError:  # of a loop that ends: nobody else knows this task, and its waiters wait on
            pass
        else:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout_s):
                await self._end()
