"""The desk behind a manager: who holds which session, how it is used, how it is closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

from .asking import Asker
from .closer import Closer
from .closing import refuse
from .errors import SessionClosed
from .opening import CallJob, Job, Opener, Opens, SessionJob
from .ports import Strategy
from .session import Session
from .tally import Tally
from .values import Call, Request, SessionValue

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")

CLOSED = "this manager is closed: open a new one"

AT_ONCE = 32
"""How many sessions are closed at the same time when the manager ends."""


class Desk:
    """Holds the open sessions of one manager, newest last."""

    def __init__(self, url: str, *, asker: Asker, opener: Opener, closer: Closer, tally: Tally) -> None:
        """Serve sessions of the service at *url*."""
        self.url = url
        self.shut = False
        self.asker = asker
        self._opener = opener
        self._closer = closer
        self._tally = tally
        self._open: dict[Session, None] = {}

    def open(self, strategy: Strategy[Any], /) -> Coroutine[Any, Any, Session]:
        """Open a session by *strategy*; whoever is cancelled meanwhile leaves none behind."""
        return self.open_by(strategy, strategy)

    def open_by(self, opens: Opens, strategy: Strategy[Any] | None) -> Coroutine[Any, Any, Session]:
        """Open a session by *opens*; it is closed by *strategy*, or by its own value without one."""
        return self.open_for(SessionJob(self, opens, strategy))

    def open_for(self, job: Job[Any, Session], /) -> Coroutine[Any, Any, Session]:
        """Open the session that *job* is about."""
        return self._refuse(job) if self.shut else self._opener.open(job)

    async def ask(self, call: Call[T]) -> T:
        """Put *call* as the program; what it creates is closed if nobody takes the answer."""
        if self.shut:
            await refuse(CLOSED)
        if call.opens is None:
            return await self.asker.ask(call)
        return await self._opener.open(CallJob(self, call), journalled=False)

    def adopt(self, value: SessionValue, *, strategy: Strategy[Any] | None, rows: tuple[str, ...]) -> Session:
        """Hold *value* as an open session."""
        session = Session(self, value, strategy=strategy, rows=rows)
        self._open[session] = None
        self._tally.opened += 1
        return session

    def ask_as(self, session: Session, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Put *call*, signed by *session*."""
        return self.asker.ask(call, session.value)

    async def sign_as(self, session: Session, request: Request, /) -> Request:
        """Return *request* signed by *session* and, where that is not enough, by the app."""
        return await self.asker.signed(request, session.value)

    def doubt(self, session: Session, request: Request, /) -> None:
        """Do nothing: a session that is not kept is never opened anew."""

    def end(self, session: Session, error: BaseException | None = None, /) -> Coroutine[Any, Any, None]:
        """Close *session* and wait for it within bounds.

        A cancel that comes meanwhile is raised afterwards; a block's own *error* goes first.
        """
        if session.closed or not getattr(session.strategy, "asks_plainly", False):
            self.start_close(session)
            return self._closer.see(session, error)
        return self._closer.close_here(session, self._open, error)

    def start_close(self, session: Session) -> asyncio.Task[bool] | None:
        """Begin to close *session*, once, and return its close; `None` when it needs none."""
        if not session.closed:
            session.closing = self._closer.start(session.end_by, session.rows)  # not where no loop runs
            session.closed = True
            self._open.pop(session, None)
        return session.closing

    def release(self, session: Session) -> None:
        """Let go of *session* without closing it: a store keeps it."""
        if not session.closed:
            session.closed = True
            self._open.pop(session, None)
            self._tally.released += 1

    def check_open(self) -> None:
        """Raise `SessionClosed` once the manager is closed."""
        if self.shut:
            raise SessionClosed(CLOSED)

    async def close_all(self, deadline: float) -> None:
        """End every opening and every session, newest first, until *deadline* in loop time, and say what stays."""
        openings = {opening.ended() for opening in self._opener.tools.under_way}
        for opening in list(self._opener.tools.under_way):
            opening.abandon()
        self._closer.hurry()
        await self._close_open(deadline)
        await _wait(openings, deadline)
        await _wait(self._opener.tools.creations, deadline)
        now = asyncio.get_running_loop().time
        while (closes := self._closer.under_way) and now() < deadline:  # what fails in one task goes on in another
            await _wait(closes, deadline)
        self._closer.give_up()
        stragglers = {*openings, *self._opener.tools.creations, *self._closer.under_way}
        for task in stragglers:
            task.cancel()
        await _wait(stragglers, None)
        self._closer.stop()
        self._opener.tools.patience.stop()
        if left := self._tally.open_now:
            log.warning("the manager is closed, %d sessions stay open at the service", left)

    async def _refuse(self, job: Job[Any, Session]) -> NoReturn:
        job.fail()
        await refuse(CLOSED)

    async def _close_open(self, deadline: float) -> None:
        """Close what is open, several at a time; nothing is begun after *deadline*."""
        now = asyncio.get_running_loop().time
        closing: set[asyncio.Task[bool]] = set()
        while self._open and now() < deadline:
            session = next(reversed(self._open))
            if (task := self.start_close(session)) is not None:
                closing.add(task)
            if len(closing) >= AT_ONCE:
                _, closing = await asyncio.wait(closing, timeout=deadline - now(), return_when=asyncio.FIRST_COMPLETED)


async def _wait(tasks: set[Any], deadline: float | None) -> None:
    """Wait for *tasks* until *deadline* in loop time; their results are their owners'."""
    pending = {task for task in tasks if not task.done()}
    if pending:
        left_s = None if deadline is None else max(0.0, deadline - asyncio.get_running_loop().time())
        await asyncio.wait(pending, timeout=left_s)
