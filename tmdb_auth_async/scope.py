"""A scoped session: opened on entry, deleted on exit, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Protocol

from .closing import cancel_later
from .errors import SessionClosed
from .ports import Strategy
from .session import Session


class Opens(Protocol):
    """What a scope needs of its manager."""

    def open(self, strategy: Strategy[Any], /) -> Coroutine[Any, Any, Session]:
        """Open a session that the caller then owns."""
        ...

    def start_close(self, session: Session, /) -> asyncio.Task[bool] | None:
        """Begin to close *session*, once, and return its close; `None` when it needs none."""
        ...

    def see_closed(self, session: Session, /) -> Coroutine[Any, Any, asyncio.CancelledError | None]:
        """Close *session*, wait for it within bounds, and return the last cancel that came meanwhile."""
        ...


class Scope:
    """What `manager.session` returns: an async context manager, entered once."""

    __slots__ = ("_entered", "_manager", "_session", "_strategy", "_wait")

    def __init__(self, manager: Opens, strategy: Strategy[Any], *, wait: bool) -> None:
        """Open by *strategy* on entry; with *wait* leave only when the session is closed."""
        self._manager = manager
        self._strategy = strategy
        self._wait = wait
        self._entered = False
        self._session: Session | None = None

    async def __aenter__(self) -> Session:
        """Open the session; raises what the strategy raises, and a cancel leaves nothing behind."""
        if self._entered:
            message = "this scope is open already: call manager.session(strategy) for another session"
            raise SessionClosed(message)
        self._entered = True
        try:
            session = self._session = await self._manager.open(self._strategy)
        finally:
            self._entered = self._session is not None
        return session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the session.

        The block's own error goes first, then a cancel that came while closing; a close
        that fails is the manager's to repeat, and says nothing here.
        """
        session, self._session, self._entered = self._session, None, False
        if session is None:
            return
        if not self._wait:
            self._manager.start_close(session)
            return
        cancel = await self._manager.see_closed(session)
        if cancel is None or isinstance(error, asyncio.CancelledError):
            return
        if error is None:
            raise cancel
        leaving = asyncio.current_task()
        if leaving is not None:
            cancel_later(leaving)
