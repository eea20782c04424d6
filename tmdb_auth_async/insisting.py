"""End a session by asking again, until the service has heard it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

from .errors import AuthError, NoAnswer, RateLimited, Refused, SessionNotFound
from .ports import Ask
from .retrying import FIRST_WAIT_S, asked_wait_s
from .tally import Tally

log = logging.getLogger("tmdb_auth_async")

LONGEST_WAIT_S = 2.0
AT_ONCE = 16
"""How many closes that have failed before are tried at the same time."""

End = Callable[[Ask], Awaitable[None]]
"""What ends one session at the service; may be called again after it failed, or was cancelled."""


class Insistence:
    """Tries again while the service gives no answer, with exponential waits of at most 2 s.

    A service that says no is asked a few times and then left alone.
    """

    def __init__(self, ask: Ask, again: Ask, *, tally: Tally, retries: int) -> None:
        """End by way of *ask*, and after a failure of *again*, which waits longer; neither may retry by itself.

        A no is taken after *retries* more tries.
        """
        self._ask = ask
        self._again = again
        self._tally = tally
        self._retries = retries
        self._hurry = asyncio.Event()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def hurry(self) -> None:
        """Let the waits between tries be short from now on: the manager is ending."""
        self._hurry.set()

    async def persist(self, end: End, failure: Exception) -> bool:
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
                outcome = await _tried(end, self._again)
            if outcome is None:
                return True
            failure = outcome

    async def tried(self, end: End) -> Exception | None:
        """Try; return what went wrong, or `None` when the session is gone."""
        return await _tried(end, self._ask)

    async def _nap(self, wait_s: float) -> None:
        if self._hurry.is_set():
            await asyncio.sleep(min(wait_s, FIRST_WAIT_S))
            return
        waiting: asyncio.Future[Any] = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait({waiting}, timeout=wait_s)
        finally:
            waiting.cancel()


async def _tried(end: End, ask: Ask) -> Exception | None:
    try:
        await end(ask)
    except Exception as error:  # noqa: BLE001  # a stranger's strategy may raise anything
        return left_open(error)
    return None


def left_open(error: Exception) -> Exception | None:
    """Return *error*, which a close has met, unless it says that the session is gone."""
    if isinstance(error, SessionNotFound):
        return None
    if isinstance(error, NoAnswer | Refused):
        log.debug("a close failed: %s", type(error).__name__)
    elif not isinstance(error, AuthError):
        log.warning("a strategy's close raised %s", type(error).__name__)
    return error
