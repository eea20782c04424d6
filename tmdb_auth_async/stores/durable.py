"""What every durable store does the same way, whatever it lives in."""

from __future__ import annotations

import asyncio
import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from ..closing import see_through
from ..errors import NotAttempted, NotConfigured
from .changes import Changes
from .holds import Holds
from .line import result_of
from .link import Link
from .masked import check_text
from .rows import Rows
from .stay import Stay

T = TypeVar("T")

CLOSE_TIMEOUT_S = 5.0

_forked: list[Any] = []
"""What a forked process found in its memory and must neither use nor close, since it is its parent's."""


class DurableStore(ABC):
    """A store that outlives the process; a subclass says how its link is opened.

    One object serves several managers and, one after the other, several event loops.
    `aclose` closes the link; whoever still uses the store opens another.
    """

    def __init__(self, *, lease_s: float) -> None:
        """Keep what is in here for *lease_s* seconds when its owner dies unseen; nothing is opened yet."""
        if not lease_s > 0:
            message = "lease_s must be more than 0 seconds"
            raise NotConfigured(message)
        self._lease_s = lease_s
        self._stay: Stay | None = None
        self._begin()

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives the process: it does."""
        return True

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*, or `None`; its repr shows nothing."""
        check_text(name)
        return await self._here().call(lambda link: link.load(name))

    async def names(self) -> tuple[str, ...]:
        """Return the names under which something is kept, sorted."""
        return tuple(sorted(await self._here().call(lambda link: link.names())))

    async def save(self, name: str, text: str, /, *keys: str) -> None:
        """Keep *text* under *name* and, in the same step, forget the entries *keys*."""
        check_text(name, text, *keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.kept[name] = text
        stay.batches.next.forget(keys)
        await stay.batches.written()

    async def delete(self, name: str, /) -> None:
        """Forget what is kept under *name*."""
        check_text(name)
        stay = self._here()
        stay.batches.next.kept[name] = None
        await stay.batches.written()

    async def record(self, key: str, text: str, /) -> None:
        """Write into the journal that the session in *text* is open; returns once a crash cannot lose it."""
        check_text(key, text)
        stay = self._here()
        self._rows.add(key, text)
        stay.batches.next.record(key, text)
        stay.wake()
        await stay.batches.written()

    async def forget(self, *keys: str) -> None:
        """Take those journal entries out."""
        check_text(*keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.forget(keys)
        await stay.batches.written()

    async def abandon(self, *keys: str) -> None:
        """Leave those journal entries to whoever claims them first."""
        check_text(*keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.abandon(keys)
        await stay.batches.written()

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Become the owner of entries under *prefix* whose owner is dead; return them, oldest first.

        A caller that is cancelled meanwhile leaves them to whoever claims next.
        """
        check_text(prefix)
        claiming = self._start(self._claim(self._here(), prefix))
        try:
            return await result_of(claiming)
        except asyncio.CancelledError:
            claiming.add_done_callback(self._give_back)
            raise

    def hold(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Be the only holder of *name* among all who share this store; a dead holder loses it."""
        check_text(name)
        return self._holds.hold(self._here(), name)

    async def aclose(self) -> None:
        """Finish what is under way and close the link; twice is fine."""
        stay = self._stay
        if stay is None or not stay.is_here:
            return
        resting = self._start(stay.rest())
        cancel = await see_through(resting, timeout_s=CLOSE_TIMEOUT_S)
        if cancel is not None:
            raise cancel
        if resting.done():
            resting.result()

    @abstractmethod
    async def _open_link(self) -> Link:
        """Open a link for the owner `self._owner`; raises an `AuthError`."""

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin *work* in a task that nobody else needs to hold on to."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _begin(self) -> None:
        """Own nothing yet, under a name that nobody else has."""
        self._owner = uuid.uuid4().hex
        self._rows = Rows()
        self._holds = Holds()
        self._tasks: set[asyncio.Task[Any]] = set()

    def _here(self) -> Stay:
        """Return the stay in the running loop, begun now unless it is; a forked process begins anew."""
        stay = self._stay
        if stay is not None and stay.is_here:
            return stay
        if stay is not None and stay.pid != os.getpid():
            _forked.append((stay, self._holds, self._tasks))
            self._begin()
        self._stay = Stay(
            open_link=self._open_link,
            write=self._write,
            renew=self._renew,
            needs_renewing=self._needs_renewing,
            renew_every_s=self._lease_s / 3,
        )
        if self._needs_renewing():
            self._stay.wake()
        return self._stay

    async def _write(self, changes: Changes) -> None:
        for key in self._rows.overdue - changes.rows.keys():
            changes.rows[key] = None
        try:
            await self._here().call(lambda link: link.write(changes))
        except Exception as error:
            self._rows.failed(changes, nothing_done=isinstance(error, NotAttempted))
            raise
        self._rows.written(changes)

    async def _claim(self, stay: Stay, prefix: str) -> tuple[tuple[str, str], ...]:
        async with stay.batches.writing:
            found = await stay.call(lambda link: link.claim(prefix))
            claimed = tuple((key, text) for key, text in found if key not in self._rows)
            self._rows.take_over(claimed)
        if claimed:
            stay.wake()
        return claimed

    def _give_back(self, claiming: asyncio.Task[tuple[tuple[str, str], ...]]) -> None:
        if not claiming.cancelled() and claiming.exception() is None and claiming.result():
            keys = [key for key, _ in claiming.result()]
            _ = self._start(self.abandon(*keys))

    def _needs_renewing(self) -> bool:
        return self._rows.need_care or self._holds.need_care

    async def _renew(self) -> None:
        """Tell that this owner lives, restore what a server has lost, and catch up on what failed before."""
        stay = self._here()
        known = await stay.call(lambda link: link.renew(dict(self._holds.held)))
        await self._holds.drop_overdue(stay)
        if not known:
            for key, text in self._rows.opened.items():
                stay.batches.next.rows.setdefault(key, text)
        if not known or self._rows.overdue:
            await stay.batches.written()
