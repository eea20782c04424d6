"""Close what dead processes left open."""

from __future__ import annotations

import asyncio
import logging

from .closer import Closer
from .errors import AuthError, NotConfigured
from .journal import Journal
from .tally import Tally

log = logging.getLogger("tmdb_auth_async")


class Recovery:
    """Takes over the journal entries whose owner is dead, and closes their sessions."""

    def __init__(self, journal: Journal, closer: Closer, *, tally: Tally, timeout_s: float) -> None:
        """Wait for the closes no longer than *timeout_s* seconds."""
        self._journal = journal
        self._closer = closer
        self._tally = tally
        self._timeout_s = timeout_s

    async def run(self) -> int:
        """Return how many sessions were closed; raises an `AuthError` when the store cannot be read."""
        orphans = await self._journal.orphans()
        self._tally.opened += len(orphans)
        closes = [self._closer.start(value.close, (row,)) for row, value in orphans]
        for close in closes:
            close.add_done_callback(self._count)
        if closes:
            await asyncio.wait(closes, timeout=self._timeout_s)
        return sum(_is_closed(close) for close in closes)

    async def run_quietly(self) -> None:
        """Do the same where a store that is away must not stop what comes after it: that is logged.

        Raises `NotConfigured` for a store that cannot work.
        """
        if not self._journal.active:
            return
        try:
            await self.run()
        except NotConfigured:
            raise
        except AuthError as error:
            log.warning("recovery failed (%s) and is tried again at the next start", type(error).__name__)

    def _count(self, close: asyncio.Task[bool]) -> None:
        self._tally.recovered += _is_closed(close)


def _is_closed(close: asyncio.Task[bool]) -> bool:
    return close.done() and not close.cancelled() and close.result()
