"""Close sessions: each where it is left, or in a task of its own, and tried until the service has heard it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from time import monotonic
from typing import Any, Protocol, TypeVar

from .closing import raise_or_leave, see_through
from .deadlines import Deadlines
from .insisting import End, Insistence, left_open
from .journal import Journal
from .ports import Ask
from .tally import Tally

log = logging.getLogger("tmdb_auth_async")


Close = Callable[[], Coroutine[Any, Any, bool]]
"""Closes a session and says whether that worked; may be called again after it was cancelled."""


class Left(Protocol):
    """A session that is left: how it ends, its journal rows, and the task that closes it, if one does."""

    closed: bool
    closing: asyncio.Task[bool] | None

    @property
    def rows(self) -> tuple[str, ...]:
        """Its rows in the journal."""
        ...

    def end_by(self, ask: Ask, /) -> Awaitable[None]:
        """End it at the service."""
        ...


S = TypeVar("S", bound=Left)


class Closer:
    """Owns every close of one manager.

    What is left by a block may be closed in the block's own task, which costs the least;
    a cancel or a failure hands it over to a task of its own, which insists.
    """

    def __init__(  # the parts of one manager
        self, ask: Ask, again: Ask, *, journal: Journal, tally: Tally, retries: int, patience_s: float
    ) -> None:
        """Close by way of *ask*, and where that fails of *again*; whoever leaves waits *patience_s* at most."""
        self._ask = ask
        self._journal = journal
        self._tally = tally
        self._insistence = Insistence(ask, again, tally=tally, retries=retries)
        self._patience_s = patience_s
        self._patience = Deadlines(patience_s)
        self._tasks: dict[asyncio.Task[bool], Close] = {}
        self._here: dict[Left, asyncio.Future[None] | None] = {}
        self._given_up = False

    @property
    def under_way(self) -> set[asyncio.Future[Any]]:
        """What is done when the closes are over that are under way now."""
        closes: list[asyncio.Future[Any]] = [task for task in self._tasks if not task.done()]
        return {*closes, *(self._joined(session) for session in self._here)}

    def start(self, end: End, rows: tuple[str, ...], *, failure: Exception | None = None) -> asyncio.Task[bool]:
        """Begin to close a session journalled under *rows*, after *failure* if any; the task tells if it worked."""
        return self._begin(partial(self._close, end, rows, failure))

    async def close_here(self, session: S, held: dict[S, None], error: BaseException | None = None) -> None:
        """Close *session* in the task that awaits this, and in one of its own from a cancel or a failure on.

        Wait for that, within bounds; a cancel that comes meanwhile is raised afterwards, but after a block's *error*.
        Until this is awaited, which a cancel may prevent, the session stays among those that are *held*.
        """
        if session.closed:
            return await self.see(session, error)
        session.closed = True
        held.pop(session, None)
        self._here[session] = None
        started = monotonic()
        cancel: asyncio.CancelledError | None = None
        failure: Exception | None = None
        is_closed = False
        try:
            try:
                await session.end_by(self._ask)
            except Exception as caught:  # noqa: BLE001  # a stranger's strategy may raise anything
                failure = left_open(caught)
            if failure is None:
                is_closed = True
                self._tally.closed += 1
                if session.rows:
                    async with asyncio.timeout(self._patience_s - (monotonic() - started)):
                        await self._journal.forget(*session.rows)
                return None
        except asyncio.CancelledError as caught:
            cancel = caught
        except TimeoutError:  # the store's: what it has not forgotten yet it forgets in a task of its own
            pass
        finally:
            if (joined := self._here.pop(session)) is not None and not joined.done():
                joined.set_result(None)
        if is_closed:
            session.closing = self._begin(partial(self._forget, session.rows))
        else:
            session.closing = self.start(session.end_by, session.rows, failure=failure)
        cancel = await self._see(session.closing, self._patience_s - (monotonic() - started)) or cancel
        return raise_or_leave(cancel, error)

    async def see(self, session: Left, error: BaseException | None = None) -> None:
        """Wait for the close of *session*, begun elsewhere, likewise."""
        cancel: asyncio.CancelledError | None = None
        if session in self._here:
            deadline = monotonic() + self._patience_s
            while session in self._here and monotonic() < deadline:
                cancel = await self._see(self._joined(session), deadline - monotonic()) or cancel
            if session.closing is not None:
                cancel = await self._see(session.closing, deadline - monotonic()) or cancel
        elif session.closing is not None:
            cancel = await self._see(session.closing)
        raise_or_leave(cancel, error)

    async def _see(self, closing: asyncio.Future[Any], timeout_s: float | None = None) -> asyncio.CancelledError | None:
        if timeout_s is None:
            cancel = await see_through(closing, deadlines=self._patience)
        else:
            cancel = await see_through(closing, timeout_s=timeout_s)
        if not closing.done():
            log.warning("a close takes longer and goes on; %d sessions are open", self._tally.open_now)
        return cancel

    def hurry(self) -> None:
        """Let the waits between tries be short from now on: the manager is ending."""
        self._insistence.hurry()

    def give_up(self) -> None:
        """Let a cancel end the closes that are still under way: else it is a loop's that ends, and each tries again."""
        self._given_up = True

    def stop(self) -> None:
        """Forget the time limit: nobody waits any more."""
        self._patience.stop()

    async def _close(self, end: End, rows: tuple[str, ...], failure: Exception | None) -> bool:
        try:
            is_closed = await self._ended(end, failure)
        except asyncio.CancelledError:
            if self._given_up:
                raise
            is_closed = await self._insistence.tried(end) is None  # the loop ends, and it shall not take long
        if not is_closed:
            log.warning("a session could not be closed and stays open; %d are open", self._tally.open_now)
            return False
        self._tally.closed += 1
        return await self._forget(rows)

    async def _ended(self, end: End, failure: Exception | None) -> bool:
        if failure is None:
            failure = await self._insistence.tried(end)
        return failure is None or await self._insistence.persist(end, failure)

    async def _forget(self, rows: tuple[str, ...]) -> bool:
        if rows:
            await self._journal.forget(*rows)
        return True

    def _begin(self, close: Close) -> asyncio.Task[bool]:
        task = asyncio.get_running_loop().create_task(close(), name="tmdb_auth_async: close")
        self._tasks[task] = close
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[bool]) -> None:
        """Begin again what could not see to itself: cancelled before its first step, or hit by a second Ctrl-C."""
        close = self._tasks.pop(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            log.warning("a close raised %s; %d sessions are open", type(error).__name__, self._tally.open_now)
        elif (task.cancelled() or error is not None) and not self._given_up:
            _ = self._begin(close)

    def _joined(self, session: Left) -> asyncio.Future[None]:
        """Return what is done when the close of *session*, under way in somebody's task, is over there."""
        joined = self._here[session]
        if joined is None:
            joined = self._here[session] = asyncio.get_running_loop().create_future()
        return joined
