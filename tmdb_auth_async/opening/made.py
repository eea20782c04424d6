"""What one opening has made so far: journalled at once, and closed if it comes to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..closer import Closer
from ..journal import Journal
from ..options import check_session
from ..ports import Ask
from ..tally import Tally
from ..values import SessionValue
from .holding import holds

R = TypeVar("R")

Key = tuple[type, object]


class Made:
    """Sessions that the service has opened for one opening, oldest first, each with its journal row."""

    __slots__ = ("_closer", "_count", "_entries", "_journal", "_tally")

    def __init__(self, journal: Journal, closer: Closer, tally: Tally) -> None:
        """Begin with nothing."""
        self._journal = journal
        self._closer = closer
        self._tally = tally
        self._entries: dict[Key, tuple[SessionValue, str | None]] = {}
        self._count = 0

    def note(self, value: SessionValue) -> tuple[Key, str | None]:
        """Note *value*; return what it is found by, and the journal row of an older state of the same session."""
        self._count += 1
        key: Key = (type(value), getattr(value, "id", None) or self._count)
        _, stale = self._entries.pop(key, (None, None))
        self._entries[key] = (value, None)
        return key, stale

    async def add(self, value: SessionValue) -> Key:
        """Note *value*, journal it in place of an older state, and return what it is found by."""
        key, stale = self.note(value)
        await self.journal(key, stale)
        return key

    async def journal(self, key: Key, stale: str | None) -> None:
        """Journal what was noted under *key*, in place of the row *stale*.

        Whoever is cancelled meanwhile has it noted with its row, written or not: closing it takes that out.
        """
        if not self._journal.active:
            return
        value, _ = self._entries[key]
        row = self._journal.row_for(value)
        self._entries[key] = (value, row)
        if row is not None and not await self._journal.write(row, value) and key in self._entries:
            self._entries[key] = (value, None)
        if stale is not None:
            await self._journal.forget(stale)

    async def rows(
        self, result: R, *, journalled: bool, discard: Callable[[R, tuple[str, ...]], None]
    ) -> tuple[str, ...]:
        """Return the journal rows of what was made, for those who go on with *result*.

        A session that no call announced is journalled now, and given to *discard* when that
        fails; what is not to stay *journalled* is forgotten. Raises `NotConfigured` for
        a *result* that is to stay and is no session.
        """
        if journalled:
            check_session(result)
        if not self._journal.active:
            return ()
        if not self._entries and callable(getattr(result, "sign", None)):
            try:
                row = await self._journal.record(result)  # type: ignore[arg-type]  # what signs is a session value
            except BaseException:
                discard(result, ())
                raise
            return (row,) if row is not None else ()
        rows = tuple(row for _, row in self._entries.values() if row is not None)
        if journalled:
            return rows
        await self._journal.forget(*rows)
        return ()

    def close_all_but(self, result: object) -> None:
        """Begin to close what is no part of *result*: a way to it that was left for another."""
        entries = self._entries
        if len(entries) == 1 and (type(result), getattr(result, "id", None)) in entries:
            return  # as nearly always, and cheaper to tell than the rest
        for key, (value, _) in reversed(tuple(entries.items())):
            if not holds(result, value):
                self.close(key)

    def close(self, key: Key) -> asyncio.Task[bool] | None:
        """Begin to close the session under *key*; `None` for one that nothing closes, or that is gone."""
        value, row = self._entries.pop(key, (None, None))
        close: Callable[[Ask], Awaitable[None]] | None = getattr(value, "close", None)
        if close is None:
            return None
        self._tally.opened += 1
        return self._closer.start(close, () if row is None else (row,))

    def start_closes(self) -> set[asyncio.Task[bool]]:
        """Begin to close everything, newest first."""
        return {close for key in reversed(tuple(self._entries)) if (close := self.close(key)) is not None}
