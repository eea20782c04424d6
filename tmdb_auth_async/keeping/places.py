"""The places of kept sessions: what is under a name changes in the store and in memory as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from ..closing import to_the_end
from ..desk import Desk
from ..errors import NotConfigured
from ..ports import Durable, Strategy
from ..session import Session
from .kept import Kept
from .leaving import Leaving
from .shelf import Shelf

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Places:
    """Knows what one manager keeps under each name, and changes it for whoever holds the name.

    A change that has begun is seen through, whoever is cancelled meanwhile: the store
    never names a session that is being closed, and what it names no more is closed.
    """

    def __init__(self, desk: Desk, *, shelf: Shelf, keep: Callable[[str, Session, Strategy[Any] | None], Kept]) -> None:
        """Keep on *shelf*; *keep* makes a kept session of one that is open."""
        self._desk = desk
        self._shelf = shelf
        self._keep = keep
        self.kept: dict[str, Kept] = {}
        """What is in memory; some of it may be closed."""
        self._changes: dict[str, asyncio.Task[Any]] = {}
        self._looking: set[str] = set()

    def living(self, name: str) -> Kept | None:
        """Return what is kept under *name* in memory."""
        kept = self.kept.get(name)
        return None if kept is None or kept.session.closed else kept

    def adopt(self, name: str, stored: Durable, strategy: Strategy[Any] | None) -> Kept:
        """Keep *stored*, which the store has under *name*, in memory too, unless that is done by now."""
        kept = self.living(name)
        if kept is None:
            return self._set(name, self._desk.adopt(stored, strategy=None, rows=()), strategy)
        if kept.strategy is None:
            kept.strategy = strategy
        return kept

    async def look(self, name: str) -> Durable | None:
        """Return what the store has under *name*, as of no change before and none since."""
        while True:
            if (change := self._changes.get(name)) is not None:
                await asyncio.wait({change})
                continue
            self._looking.add(name)
            try:
                stored = await self._shelf.load(name)
                if name in self._looking:
                    return stored
            finally:
                self._looking.discard(name)

    async def put(self, name: str, session: Session, strategy: Strategy[Any] | None, *, stored: Durable | None) -> Kept:
        """Keep *session*, and close what is in memory and what is *stored*; or close *session* and raise."""
        return await self._change(name, self._put(name, session, strategy, stored))

    async def swap(self, kept: Kept, fresh: Session, strategy: Strategy[Any], *, stored: Durable | None) -> None:
        """Let *kept* go on with what *fresh* has, and close what it had; or close *fresh* and raise."""
        await self._change(kept.name, self._swap(kept, fresh, strategy, stored))

    async def drop(self, name: str) -> set[asyncio.Task[bool]] | None:
        """Forget and close all that is under *name*; return the closes under way, `None` where nothing was."""
        return await self._change(name, self._drop(name))

    async def names(self) -> set[str]:
        """Return the names under which something is kept."""
        living = {name for name, kept in self.kept.items() if not kept.session.closed and not kept.is_over}
        return living | await self._shelf.names()

    async def settled(self) -> None:
        """Wait for the changes under way."""
        while self._changes:
            await asyncio.wait(self._changes.values())

    def let_go(self) -> None:
        """Leave what a durable store keeps; the handles of it are closed from now on."""
        if self._shelf.durable:
            for kept in self.kept.values():
                self._desk.release(kept.session)
        self.kept.clear()

    async def _change(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        if not self._shelf.durable:
            return await work  # which never waits
        change = self._changes[name] = asyncio.get_running_loop().create_task(work)
        self._looking.discard(name)
        change.add_done_callback(lambda _: self._changes.pop(name))
        return await to_the_end(change)

    async def _put(self, name: str, session: Session, strategy: Strategy[Any] | None, stored: Durable | None) -> Kept:
        before = self.living(name)
        leaving = Leaving(None if before is None else before.session, stored)
        await self._save(name, session, leaving)
        kept = self._set(name, session, strategy)
        leaving.start(self._desk)
        return kept

    async def _swap(self, kept: Kept, fresh: Session, strategy: Strategy[Any], stored: Durable | None) -> None:
        leaving = Leaving(kept.session, stored)
        await self._save(kept.name, fresh, leaving)
        kept.trade(fresh, strategy)
        leaving.start(self._desk, instead=fresh)

    async def _drop(self, name: str) -> set[asyncio.Task[bool]] | None:
        stored, lost = None, False
        try:
            stored = await self._shelf.load(name)
        except NotConfigured as error:
            if not error.unreadable:
                raise
            lost = True
        kept = self.living(name)
        if kept is None and stored is None and not lost:
            return None
        leaving = Leaving(None if kept is None else kept.session, stored)
        if self._shelf.durable:
            leaving.rows = await self._shelf.delete(name, leaving=leaving.values)
        if lost:
            log.warning("a kept session that cannot be read is forgotten, and may stay open at the service")
        self.kept.pop(name, None)
        return leaving.start(self._desk)

    async def _save(self, name: str, session: Session, leaving: Leaving) -> None:
        """Write *session* into a durable store, in place of its journal rows; close it when that fails."""
        try:
            self._desk.check_open()
            if self._shelf.durable:
                leaving.rows = await self._shelf.save(name, session.value, *session.rows, leaving=leaving.values)
        except BaseException:
            self._desk.start_close(session)
            raise
        session.rows = ()

    def _set(self, name: str, session: Session, strategy: Strategy[Any] | None) -> Kept:
        kept = self.kept[name] = self._keep(name, session, strategy)
        return kept
