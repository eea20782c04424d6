"""A scoped session: opened on entry, deleted on exit, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from types import TracebackType
from typing import Any, Protocol

from .errors import SessionClosed
from .opening import Job
from .options import check_session
from .ports import Ask, Strategy
from .session import Session
from .values import SessionValue


class Opens(Protocol):
    """What a scope needs of its manager."""

    def open_for(self, job: Job[Any, Session], /) -> Coroutine[Any, Any, Session]:
        """Open the session that *job* is about."""
        ...

    def adopt(self, value: SessionValue, *, strategy: Strategy[Any] | None, rows: tuple[str, ...]) -> Session:
        """Hold *value* as an open session."""
        ...

    def start_close(self, session: Session, /) -> asyncio.Task[bool] | None:
        """Begin to close *session*, once, and return its close; `None` when it needs none."""
        ...

    def end(self, session: Session, error: BaseException | None, /) -> Coroutine[Any, Any, None]:
        """Close *session* and wait for it within bounds; a cancel meanwhile is raised, but after a block's *error*."""
        ...


class Scope:
    """What `manager.session` returns: an async context manager, entered once at a time.

    It is itself the job that is opened for, and hands on what it is asked for: of a
    block's entry and exit nothing is left but what opens and what closes.
    """

    __slots__ = ("_entered", "_manager", "_session", "_strategy", "_wait", "asks_plainly")

    def __init__(self, manager: Opens, strategy: Strategy[Any], *, wait: bool) -> None:
        """Open by *strategy* on entry; with *wait* leave only when the session is closed."""
        self._manager = manager
        self._strategy = strategy
        self._wait = wait
        self._entered = False
        self._session: Session | None = None
        self.asks_plainly: bool = getattr(strategy, "asks_plainly", False)

    def __aenter__(self) -> Coroutine[Any, Any, Session]:
        """Open the session; raises what the strategy raises, and a cancel leaves nothing behind."""
        if self._entered:
            message = "this scope is open already: call manager.session(strategy) for another session"
            raise SessionClosed(message)
        opening = self._manager.open_for(self)
        self._entered = True
        return opening

    def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Coroutine[Any, Any, None]:
        """Close the session.

        The block's own error goes first, then a cancel that came while closing; a close
        that fails is the manager's to repeat, and says nothing here.
        """
        session, self._session, self._entered = self._session, None, False
        if session is not None and self._wait and not isinstance(error, GeneratorExit):
            return self._manager.end(session, error)
        if session is not None:  # and nobody waits: what is collected as garbage cannot
            self._manager.start_close(session)
        return _nothing()

    def work(self, ask: Ask, /) -> Awaitable[SessionValue]:
        """Open it."""
        return self._strategy.open(ask)

    def deliver(self, value: SessionValue, rows: tuple[str, ...], /) -> Session:
        """Keep the session until the exit, and return it; raises `NotConfigured` where *value* is none."""
        check_session(value)
        session = self._session = self._manager.adopt(value, strategy=self._strategy, rows=rows)
        return session

    def take_back(self, session: Session, /) -> None:
        """Close what nobody took."""
        self._session = None
        self._manager.start_close(session)

    def discard(self, value: SessionValue, rows: tuple[str, ...], /) -> None:
        """Close what came too late."""
        self._manager.start_close(self._manager.adopt(value, strategy=self._strategy, rows=rows))

    def fail(self) -> None:
        """Be as before the entry."""
        self._entered = False


async def _nothing() -> None:
    pass
