"""Kept sessions that the service has ended, or is about to: each is opened anew, once for all who use it."""

from __future__ import annotations

from typing import Any, TypeVar

from ..desk import Desk
from ..errors import Refused
from ..filling import refilled
from ..ports import Strategy
from ..records import to_text
from ..service import Service
from ..values import Call, Request, SessionValue
from .kept import Kept
from .places import Places
from .sharing import Shared
from .shelf import Shelf, is_over

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
        places: Places,
    ) -> None:
        """Open by way of *desk*; where it belongs is one of *places*."""
        self._desk = desk
        self._service = service
        self._shelf = shelf
        self._shared = shared
        self._places = places

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

    async def revive(self, kept: Kept, strategy: Strategy[Any]) -> None:
        """Let *kept*, whose name is held, go on with what another manager has put there, or with what *strategy* opens.

        What it had is closed then, should the service still know it.
        """
        stored = await self._shelf.load(kept.name)
        if stored is not None and not is_over(stored) and to_text(stored) != to_text(kept.session.value):
            kept.go_on_with(stored)
            kept.session.strategy = None
            return
        fresh = await self._desk.open(strategy)
        await self._places.swap(kept, fresh, strategy, stored=stored)

    async def _renew(self, kept: Kept, dead: SessionValue) -> None:
        await self._shared.once(kept, self._renew_alone, kept, dead)

    async def _renew_alone(self, kept: Kept, dead: SessionValue) -> None:
        async with self._shelf.hold(kept.name):
            if kept.session.value is dead and kept.strategy is not None and not kept.session.closed:
                await self.revive(kept, kept.strategy)
