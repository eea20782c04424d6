"""Close sessions: each in a task of its own, tried until the service has heard it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

from .errors import AuthError, NoAnswer, RateLimited, Refused, SessionNotFound
from .journal import Journal
from .ports import Ask
from .retrying import FIRST_WAIT_S, asked_wait_s
from .tally import Tally

log = logging.getLogger("tmdb_auth_async")

LONGEST_WAIT_S = 2.0
AT_ONCE = 16
"""How many closes that have failed before are tried at the same time."""

End = Callable[[Ask], Awaitable[None]]
"""What ends one session at the service; may be called again after it failed."""


class Closer:
    """Owns every close of one manager.

    A close is first tried at once. While the service gives no answer it is tried again,
    with exponential waits of at most 2 s, until it works or the manager ends; a service
    that says no is asked a few times and then left alone.
    """

    def __init__(self, ask: Ask, *, journal: Journal, tally: Tally, retries: int) -> None:
        """Close by way of *ask*, which must not retry by itself."""
        self._ask = ask
        self._journal = journal
        self._tally = tally
        self._retries = retries
        self._tasks: set[asyncio.Task[bool]] = set()
        self._hurry = asyncio.Event()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def under_way(self) -> set[asyncio.Task[bool]]:
        """The closes that are not over."""
        return self._tasks

    def start(self, end: End, rows: tuple[str, ...]) -> asyncio.Task[bool]:
        """Begin to close a session journalled under *rows*; the task tells whether it was closed."""
        task = asyncio.get_running_loop().create_task(self._close(end, rows), name="tmdb_auth_async: close")
        self._tasks.add(task)
        return task

    def hurry(self) -> None:
        """Let the waits between tries be short from now on: the manager is ending."""
        self._hurry.set()

    async def _close(self, end: End, rows: tuple[str, ...]) -> bool:
        try:
            failure: Exception | None = None
            try:
                await end(self._ask)
            except Exception as error:  # noqa: BLE001  # a stranger's strategy may raise anything
                failure = _left_open(error)
            if failure is not None and not await self._persist(end, failure):
                log.warning("a session could not be closed and stays open; %d are open", self._tally.open_now)
                return False
            self._tally.closed += 1
            if rows:
                await self._journal.forget(*rows)
            return True
        finally:
            # Left here and not by a callback, which costs the loop one more turn a session.
            if (task := asyncio.current_task()) is not None:
                self._tasks.discard(task)

    async def _persist(self, end: End, failure: Exception) -> bool:
        """Try again until it works, or the service has said no too often."""
        longest_s = FIRST_WAIT_S
        refusals = 0
        while True:
            if not isinstance(failure, NoAnswer | RateLimited):
                refusals += 1
                if refusals > self._retries:
                    return False
            longest_s = min(LONGEST_WAIT_S, longest_s * 2)
            wait_s = random.uniform(longest_s / 2, longest_s)  # noqa: S311  # jitter, no secret
            await self._nap(max(wait_s, min(asked_wait_s(failure), LONGEST_WAIT_S)))
            async with self._turns:
                self._tally.retried += 1
                again = await self._tried(end)
            if again is None:
                return True
            failure = again

    async def _tried(self, end: End) -> Exception | None:
        """Try again; return what went wrong, or `None` when the session is gone."""
        try:
            await end(self._ask)
        except Exception as error:  # noqa: BLE001  # a stranger's strategy may raise anything
            return _left_open(error)
        return None

    async def _nap(self, wait_s: float) -> None:
        if self._hurry.is_set():
            await asyncio.sleep(min(wait_s, FIRST_WAIT_S))
            return
        waiting: asyncio.Future[Any] = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait({waiting}, timeout=wait_s)
        finally:
            waiting.cancel()


def _left_open(error: Exception) -> Exception | None:
    """Return *error*, which a close has met, unless it says that the session is gone."""
    if isinstance(error, SessionNotFound):
        return None
    if isinstance(error, NoAnswer | Refused):
        log.debug("a close failed: %s", type(error).__name__)
    elif not isinstance(error, AuthError):
        log.warning("a strategy's close raised %s", type(error).__name__)
    return error
