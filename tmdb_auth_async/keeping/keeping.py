"""Kept sessions: one a name, opened once for all who ask, and opened anew when the service has ended it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from ..closing import refuse, see_through
from ..desk import CLOSED, Desk
from ..errors import NotLoggedIn, SessionClosed
from ..journal import Journal
from ..opening import at_hand
from ..options import check_name, check_strategy
from ..ports import SessionStore, Strategy
from ..recovery import Recovery
from ..service import Service
from ..session import Session
from .ends import is_over
from .kept import Kept
from .naming import unknown
from .places import Places
from .renewing import Renewal
from .sharing import Shared
from .shelf import Shelf


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
        self._shared = Shared()
        self._places = Places(desk, shelf=self._shelf, keep=self._keep)
        self._renewal = Renewal(desk, service=service, shelf=self._shelf, shared=self._shared, places=self._places)
        self._logouts: set[asyncio.Task[None]] = set()
        self._leaving: dict[str, asyncio.Task[None]] = {}

    def login(self, strategy: Strategy[Any], name: str) -> Coroutine[Any, Any, Session]:
        """Return the session kept under *name* if it lives, else open one by *strategy*, once for all who wait."""
        if self._desk.shut:
            return refuse(CLOSED)
        try:
            kept = self._places.kept.get(name)
        except TypeError:  # a list or its like
            return self._login(strategy, name)
        if kept is not None and not kept.session.closed and not kept.is_stale:
            if kept.strategy is None:
                check_strategy(strategy)
                kept.strategy = strategy
            if kept.doubted is None:
                return at_hand(kept.session)
        return self._shared.once(name, self._login, strategy, name)

    async def resume(self, name: str) -> Session:
        """Return the session kept under *name*; raises `NotLoggedIn` when there is none."""
        if self._desk.shut:
            await refuse(CLOSED)
        check_name(name)
        kept = self._places.living(name)
        if kept is not None and not kept.is_over:
            return kept.session
        return await self._shared.once(("resume", name), self._resume, name)

    async def logout(self, name: str) -> None:
        """Delete the session kept under *name* and forget it, once for all who ask, whatever cancels come meanwhile."""
        if self._desk.shut:
            await refuse(CLOSED)
        check_name(name)
        task = self._leaving.get(name)
        if task is None:
            task = self._leaving[name] = asyncio.get_running_loop().create_task(self._logout(name))
            self._logouts.add(task)
            task.add_done_callback(self._logged_out)
        cancel = await see_through(task, timeout_s=self._close_timeout_s)
        if cancel is not None:
            raise cancel
        if task.done():
            task.result()

    async def keep(self, name: str, session: Session) -> Session:
        """Keep *session*, which is open, under *name*, where all else is closed; or close it and raise."""
        try:
            async with self._shelf.hold(name):
                stored = await self._shelf.load(name)
                await self._places.put(name, session, None, stored=stored)
        except BaseException:
            kept = self._places.living(name)
            if kept is None or kept.session is not session:
                self._desk.start_close(session)
            raise
        return session

    async def names(self) -> tuple[str, ...]:
        """Return the names under which a session of this service is kept, sorted."""
        return tuple(sorted(await self._places.names()))

    async def stop(self) -> None:
        """Stop the logins under way; what they made meanwhile is closed, unless it is kept already."""
        await self._shared.stop()
        await self._places.settled()

    def let_go(self) -> None:
        """Leave what a durable store keeps; the handles of it are closed from now on."""
        self._places.let_go()

    async def logged_out(self, timeout_s: float) -> None:
        """Wait for the logouts under way."""
        if self._logouts:
            await asyncio.wait(self._logouts, timeout=timeout_s)

    async def _login(self, strategy: Strategy[Any], name: str) -> Session:
        check_strategy(strategy)  # here, where one does so for all who wait
        check_name(name)
        if (kept := self._places.living(name)) is not None and kept.doubted is not None:
            with suppress(SessionClosed):  # logged out elsewhere: opened here
                await self._renewal.look(kept)
        async with self._shelf.hold(name):
            kept = self._places.living(name)
            if kept is not None:
                if kept.is_stale:
                    await self._renewal.revive(kept, strategy)
                return kept.session
            stored = await self._shelf.load(name)
            if stored is not None and not is_over(stored):
                return self._places.adopt(name, stored, strategy).session
            await self._recovery.run_quietly()
            session = await self._desk.open(strategy)
            await self._places.put(name, session, strategy, stored=stored)
            return session

    async def _resume(self, name: str) -> Session:
        stored = await self._places.look(name)
        kept = self._places.living(name)
        if kept is None and stored is not None and not is_over(stored):
            kept = self._places.adopt(name, stored, None)
        if kept is None or (kept.is_over and not kept.catch_up(stored)):
            raise _not_logged_in(name)
        return kept.session

    async def _logout(self, name: str) -> None:
        try:
            async with self._shelf.hold(name):
                closes = await self._places.drop(name)
                self._leaving.pop(name, None)  # what is opened from now on is another's to end
        except BaseException:
            self._leaving.pop(name, None)
            raise
        if closes is None:
            raise _not_logged_in(name)
        if closes:
            await asyncio.wait(closes)

    def _keep(self, name: str, session: Session, strategy: Strategy[Any] | None) -> Kept:
        return Kept(name, session, strategy=strategy, renewal=self._renewal, logout=self.logout, url=self._desk.url)

    def _logged_out(self, task: asyncio.Task[None]) -> None:
        self._logouts.discard(task)
        if not task.cancelled():
            task.exception()


def _not_logged_in(name: str) -> NotLoggedIn:
    return NotLoggedIn(unknown(name))
