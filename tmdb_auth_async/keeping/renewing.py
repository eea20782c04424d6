"""Kept sessions that the service has ended, or is about to: each is opened anew, once for all who use it."""

from __future__ import annotations

from typing import Any, TypeVar

from ..desk import Desk
from ..errors import AccountUnavailable, AuthError, LoginRefused, NoAnswer, Refused, SessionClosed
from ..filling import filled, refilled
from ..ports import Durable, Strategy
from ..service import Service
from ..values import JSON_ANSWER, Call, Request, SessionValue
from .kept import Kept
from .places import Places
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
            answer = await self._desk.asker.ask(call if used is before else refilled(call, before, used), used)
        except Refused as error:
            refusal = error
        else:
            if kept.is_refused and kept.session.value is used:
                kept.relent()
            if kept.denied.until:
                kept.denied.discard(call.request)
            return answer
        if not self._service.is_dead(refusal):
            raise refusal
        if kept.session.value is used and call.request not in kept.denied:
            await self._renew(kept, used)
        if kept.session.closed or kept.session.value is used:
            raise kept.explained(refusal)
        return await self._repeat(kept, refilled(call, before, kept.session.value))

    async def sign(self, kept: Kept, request: Request, /) -> Request:
        """Return *request* signed by a kept session, opened anew if it is over or too near its end."""
        if kept.doubted is not None:
            await self.look(kept)
        if kept.is_stale and kept.reopens:
            await self._renew(kept, kept.session.value)
        return await self._desk.asker.signed(request, kept.session.value)

    async def look(self, kept: Kept) -> None:
        """Ask what *kept* was refused once more: if it is over, it is opened anew, or known to be over.

        Raises `LoginRefused` and `AccountUnavailable` where that is tried in vain, and
        `SessionClosed` where another manager has logged it out.
        """
        await self._shared.once(("look", kept), self._look, kept)

    async def revive(self, kept: Kept, strategy: Strategy[Any]) -> None:
        """Let *kept*, whose name is held, go on with what another manager has put there, or with what *strategy* opens.

        What it had is closed then, should the service still know it.
        """
        stored = await self._shelf.load(kept.name)
        if not kept.catch_up(stored):
            await self._open(kept, strategy, stored)
        elif kept.strategy is None:
            kept.strategy = strategy

    async def _repeat(self, kept: Kept, call: Call[T]) -> T:
        """Put *call* once more; where it is refused all the same, later ones of its kind open nothing."""
        used = kept.session.value
        try:
            return await self._desk.asker.ask(call, used)
        except Refused as error:
            refusal = error
        if used is kept.opened and self._service.is_dead(refusal):
            kept.denied.add(call.request)
        raise refusal

    async def _renew(self, kept: Kept, dead: SessionValue) -> None:
        await self._shared.once(kept, self._renew_alone if kept.reopens else self._look_again, kept, dead)

    async def _renew_alone(self, kept: Kept, dead: SessionValue) -> None:
        async with self._shelf.hold(kept.name):
            if kept.session.value is not dead or kept.strategy is None or kept.session.closed:
                return
            stored = await self._shelf.load(kept.name)
            if stored is None and self._shelf.durable:
                await self._places.drop(kept.name)
                message = "this session was logged out by another manager, or its store has lost it: log in again"
                raise SessionClosed(message)
            if kept.catch_up(stored):
                return
            try:
                await self._open(kept, kept.strategy, stored)
            except (LoginRefused, AccountUnavailable) as error:
                kept.give_up(error)
                raise

    async def _open(self, kept: Kept, strategy: Strategy[Any], stored: Durable | None) -> None:
        fresh = await self._desk.open(strategy)
        await self._places.swap(kept, fresh, strategy, stored=stored)

    async def _look(self, kept: Kept) -> None:
        if kept.doubted is None:
            return
        request = filled(Request("GET", kept.doubted), kept.session.value)
        try:
            if request not in kept.denied:
                await self.ask(kept, Call(request, JSON_ANSWER))
        except (LoginRefused, AccountUnavailable):
            raise
        except (Refused, NoAnswer):  # what it may not do, or nobody can tell: as before
            pass
        finally:
            kept.doubted = None

    async def _look_again(self, kept: Kept, dead: SessionValue) -> None:
        """Let *kept* go on with what another manager has put there; without, the next login is to open it anew.

        Nothing is held: who holds the name may be waiting for a person.
        """
        try:
            stored = await self._places.look(kept.name)
        except AuthError:
            stored = None  # the refusal says more
        if kept.session.value is dead and not kept.session.closed and not kept.catch_up(stored):
            kept.refuse()
