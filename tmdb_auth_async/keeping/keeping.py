"""Kept sessions: one a name, opened once for all who ask, and opened anew when the service has ended it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from ..closing import see_through
from ..desk import Desk
from ..errors import NotLoggedIn
from ..journal import Journal
from ..opening import at_hand
from ..ports import SessionStore, Strategy
from ..recovery import Recovery
from ..service import Service
from ..session import Session
from .kept import Kept
from .naming import unknown
from .renewing import Renewal
from .sharing import Shared
from .shelf import Shelf, is_over


class Keeping:
    """Keeps the sessions of one manager under their names, in its store."""

    def __init__(  # the parts of one manager
        self,
        desk: Desk,
        *,
        store: SessionStore,
        journal: Journal,
        service: Service,
        recovery: Recovery,
        close_timeout_s: float,
    ) -> None:
        """Open and close by way of *desk*; *recovery* closes what a dead opener left."""
        self._desk = desk
        self._shelf = Shelf(store, journal, service.url)
        self._journal = journal
        self._recovery = recovery
        self._close_timeout_s = close_timeout_s
        self._kept: dict[str, Kept] = {}
        self._shared = Shared()
        self._renewal = Renewal(desk, service=service, shelf=self._shelf, shared=self._shared, save=self._save)
        self._logouts: set[asyncio.Task[None]] = set()

    def login(self, strategy: Strategy[Any], name: str) -> Coroutine[Any, Any, Session]:
        """Return the session kept under *name* if it lives, else open one by *strategy*, once for all who wait."""
        self._desk.check_open()
        kept = self._kept.get(name)
        if kept is not None and not kept.session.closed and not kept.is_stale:
            if kept.strategy is None:
                kept.strategy = strategy
            return at_hand(kept.session)
        return self._shared.once(name, self._login, strategy, name)

    async def resume(self, name: str) -> Session:
        """Return the session kept under *name*; raises `NotLoggedIn` when there is none."""
        self._desk.check_open()
        kept = self._kept.get(name)
        if kept is not None and not kept.session.closed:
            return kept.session
        stored = await self._shelf.load_living(name)
        if stored is None:
            raise _not_logged_in(name)
        return self._hold(name, self._desk.adopt(stored, strategy=None, rows=()), None).session

    async def logout(self, name: str) -> None:
        """Delete the session kept under *name* and forget it, whatever cancels come meanwhile."""
        self._desk.check_open()
        task = asyncio.get_running_loop().create_task(self._logout(name))
        self._logouts.add(task)
        task.add_done_callback(self._logged_out)
        cancel = await see_through(task, timeout_s=self._close_timeout_s)
        if cancel is not None:
            raise cancel
        if task.done():
            task.result()

    async def keep(self, name: str, session: Session) -> Session:
        """Keep *session*, which is open, under *name*; one kept there before is closed."""
        async with self._shelf.hold(name):
            before = self._kept.get(name)
            old = before.session if before is not None else await self._adopt_stored(name)
            await self._save(name, session)
            self._hold(name, session, None)
            if old is not None:
                self._desk.start_close(old)
            return session

    async def names(self) -> tuple[str, ...]:
        """Return the names under which a session of this service is kept, sorted."""
        living = {name for name, kept in self._kept.items() if not kept.session.closed}
        return tuple(sorted(living | await self._shelf.names()))

    async def stop(self) -> None:
        """Stop the logins under way; what they made meanwhile is closed."""
        await self._shared.stop()

    def let_go(self) -> None:
        """Leave what a durable store keeps; the handles of it are closed from now on."""
        if self._journal.active:
            for kept in self._kept.values():
                self._desk.release(kept.session)
        self._kept.clear()

    async def logged_out(self, timeout_s: float) -> None:
        """Wait for the logouts under way."""
        if self._logouts:
            await asyncio.wait(self._logouts, timeout=timeout_s)

    async def _login(self, strategy: Strategy[Any], name: str) -> Session:
        async with self._shelf.hold(name):
            kept = self._kept.get(name)
            if kept is not None and not kept.session.closed:
                if kept.is_stale:
                    await self._renewal.reopen(kept, strategy)
                return kept.session
            stored = await self._adopt_stored(name)
            if stored is not None and not is_over(stored.value):
                return self._hold(name, stored, strategy).session
            if stored is not None:
                self._desk.start_close(stored)  # it is over, but a service may list it until it is closed
            await self._recovery.run_quietly()
            session = await self._desk.open(strategy)
            await self._save(name, session)
            return self._hold(name, session, strategy).session

    async def _logout(self, name: str) -> None:
        async with self._shelf.hold(name):
            kept = self._kept.pop(name, None)
            session = kept.session if kept is not None and not kept.session.closed else await self._adopt_stored(name)
            if session is None:
                raise _not_logged_in(name)
            if self._journal.active:
                row = await self._journal.record(session.value)
                session.rows = session.rows if row is None else (*session.rows, row)
                await self._shelf.delete(name)
            closing = self._desk.start_close(session)
        if closing is not None:
            await asyncio.wait({closing})

    async def _save(self, name: str, session: Session) -> None:
        """Write *session* into a durable store, in place of its journal rows; close it when that fails."""
        if not self._journal.active:
            return
        try:
            await self._shelf.save(name, session.value, *session.rows)
        except BaseException:
            self._desk.start_close(session)
            raise
        session.rows = ()

    def _hold(self, name: str, session: Session, strategy: Strategy[Any] | None) -> Kept:
        kept = self._kept[name] = Kept(
            name, session, strategy=strategy, renewal=self._renewal, logout=self.logout, url=self._desk.url
        )
        return kept

    async def _adopt_stored(self, name: str) -> Session | None:
        stored = await self._shelf.load(name)
        return None if stored is None else self._desk.adopt(stored, strategy=None, rows=())

    def _logged_out(self, task: asyncio.Task[None]) -> None:
        self._logouts.discard(task)
        if not task.cancelled():
            task.exception()


def _not_logged_in(name: str) -> NotLoggedIn:
    return NotLoggedIn(unknown(name))
