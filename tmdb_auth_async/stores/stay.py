"""A store's stay in one event loop: its link, its queue, its locks and its renewals end with that loop."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from ..errors import AuthError
from .batches import Batches
from .changes import Changes
from .line import Line, result_of
from .link import Link
from .locks import NameLocks

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Stay:
    """Opens a link when one is needed, and closes it when asked; what is needed afterwards opens another."""

    def __init__(
        self,
        *,
        open_link: Callable[[], Coroutine[Any, Any, Link]],
        write: Callable[[Changes], Awaitable[None]],
        renew: Callable[[], Awaitable[None]],
        needs_renewing: Callable[[], bool],
        renew_every_s: float,
    ) -> None:
        """Begin in the running loop; *renew* tells everybody that this store lives, while *needs_renewing*."""
        self.loop = asyncio.get_running_loop()
        self.pid = os.getpid()
        self.locks = NameLocks()
        self.batches = Batches(write)
        self._open_link = open_link
        self._renew = renew
        self._needs_renewing = needs_renewing
        self._renew_every_s = renew_every_s
        self._line: Line | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._at_rest = False

    @property
    def is_here(self) -> bool:
        """Whether this is the running loop, in the process that began it."""
        return self.loop is asyncio.get_running_loop() and self.pid == os.getpid()

    def start(self, work: Callable[[Link], Awaitable[T]]) -> asyncio.Task[T]:
        """Begin to do *work* with the link, opened now unless it is; it is done whole, whoever waits for it."""
        if self._line is None or self._line.failed:
            self._line = Line(self._open_link)
        return self._line.use(work)

    async def call(self, work: Callable[[Link], Awaitable[T]]) -> T:
        """Do *work* with the link and return its result; raises an `AuthError`.

        A caller that is cancelled leaves at once, and the work is done all the same: drivers
        need not be trusted with cancels (`asyncio.wait_for` of Python 3.11 loses some).
        """
        return await result_of(self.start(work))

    def wake(self) -> None:
        """Renew what this store has, from now on and until there is nothing to renew."""
        self._at_rest = False
        self._set_timer()

    async def rest(self) -> None:
        """Finish what is under way and close the link.

        Renewals go on where there is something to renew: another manager may still use
        this store, and a server that is away may hear of it later.
        """
        self._at_rest = True
        await self.batches.drained()
        if self._renewing is not None:
            await asyncio.wait({self._renewing})
        await self._hang_up()

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.aclose()

    def _start_renewing(self) -> None:
        self._timer = None
        if self._needs_renewing():
            self._renewing = self.loop.create_task(self._renew_once())
            self._renewing.add_done_callback(self._renewed)

    async def _renew_once(self) -> None:
        try:
            await self._renew()
        except AuthError as error:
            log.debug("a lease could not be renewed: %s", type(error).__name__)
        if self._at_rest:
            await self._hang_up()

    def _renewed(self, renewing: asyncio.Task[None]) -> None:
        self._renewing = None
        if not renewing.cancelled():
            renewing.result()
            self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is None and self._renewing is None:
            self._timer = self.loop.call_later(self._renew_every_s, self._start_renewing)
