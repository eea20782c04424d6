"""Kept sessions that the service has ended, or is about to: each is opened anew, once for all who use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ..desk import Desk
from ..errors import Refused
from ..filling import refilled
from ..ports import Strategy
from ..records import to_text
from ..service import Service
from ..session import Session
from ..values import Call, Request, SessionValue
from .kept import Kept
from .sharing import Shared
from .shelf import Shelf

T = TypeVar("T")


class Renewal:
    """Uses the kept sessions of one manager, and opens anew what is over."""

    def __init__(
        self,
        desk: Desk,
        *,
        service: Service,
        shelf: Shelf,
        shared: Shared,
        save: Callable[[str, Session], Awaitable[None]],
    ) -> None:
        """Open by way of *desk*, and *save* under a name what was opened, or close it."""
        self._desk = desk
        self._service = service
        self._shelf = shelf
        self._shared = shared
        self._save = save

    async def ask(self, kept: Kept, call: Call[T], /) -> T:
        """Put *call*, signed by a kept session that is opened anew, once, if it is over."""
        before = used = kept.session.value
        if kept.stale_at is not None and kept.is_stale and kept.reopens:
            await self._renew(kept, before)
            used = kept.session.value
        try:
            return await self._desk.asker.ask(call if used is before else refilled(call, before, used), used)
        except Refused as error:
            refusal = error
        if not self._service.is_dead(refusal) or not kept.reopens:
            raise refusal
        if kept.session.value is used:
            await self._renew(kept, used)
        return await self._desk.asker.ask(refilled(call, before, kept.session.value), kept.session.value)

    async def sign(self, kept: Kept, request: Request, /) -> Request:
        """Return *request* signed by a kept session, opened anew if it is too near its end."""
        if kept.is_stale and kept.reopens:
            await self._renew(kept, kept.session.value)
        return await self._desk.asker.signed(request, kept.session.value)

    async def reopen(self, kept: Kept, strategy: Strategy[Any]) -> None:
        """Open by *strategy* what *kept* goes on with, and close what it had, should the service still know it."""
        dead, rows, closing = kept.session.value, kept.session.rows, kept.session.strategy
        fresh = await self._desk.open(strategy)
        await self._save(kept.name, fresh)
        kept.go_on_with(fresh.value)
        kept.session.rows, kept.session.strategy = fresh.rows, strategy
        fresh.go_on_with(dead)
        fresh.rows, fresh.strategy = rows, closing
        self._desk.start_close(fresh)

    async def _renew(self, kept: Kept, dead: SessionValue) -> None:
        await self._shared.once(f"renew {kept.name}", self._renew_alone, kept, dead)

    async def _renew_alone(self, kept: Kept, dead: SessionValue) -> None:
        async with self._shelf.hold(kept.name):
            if kept.session.value is not dead or kept.strategy is None:
                return
            stored = await self._shelf.load_living(kept.name)
            if stored is not None and to_text(stored) != to_text(dead):
                kept.go_on_with(stored)
                return
            await self.reopen(kept, kept.strategy)
