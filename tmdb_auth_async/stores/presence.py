"""A store object as one owner of journal rows: present in one event loop after another, and renewed while it is."""

from __future__ import annotations

import asyncio
import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..errors import NotAttempted, NotConfigured
from ..options import check_positive
from .changes import Changes
from .holds import Holds
from .link import Link
from .rows import Rows
from .stay import Stay

T = TypeVar("T")

LONGEST_LEASE_S = 24 * 60 * 60.0
"""A lease is how long nobody looks after what a dead process has left, so a longer one is a slip."""

_forked: list[Any] = []
"""What a forked process found in its memory and must neither use nor close, since it is its parent's."""


class Presence(ABC):
    """What a store has in memory of the thing it lives in: its stay there, its rows and its locks.

    It serves one event loop after the other; in a forked process it begins anew, under a
    name of its own. A subclass says how its link is opened.
    """

    def __init__(self, *, lease_s: float) -> None:
        """Keep what is in here for *lease_s* seconds when its owner dies unseen; nothing is opened yet."""
        check_positive("lease_s", lease_s)
        if lease_s > LONGEST_LEASE_S:
            message = f"lease_s must be no more than {LONGEST_LEASE_S:.0f} seconds, a day"
            raise NotConfigured(message)
        self._lease_s = lease_s
        self._stay: Stay | None = None
        self._begin()

    @abstractmethod
    async def _open_link(self) -> Link:
        """Open a link for the owner `self._owner`; raises an `AuthError`."""

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

    async def _write(self, changes: Changes) -> None:
        for key in self._rows.overdue - changes.rows.keys():
            changes.rows[key] = None
        try:
            await self._here().call(lambda link: link.write(changes))
        except Exception as error:
            self._rows.failed(changes, nothing_done=isinstance(error, NotAttempted))
            raise
        self._rows.written(changes)

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
