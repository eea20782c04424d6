"""The journal: what a durable store knows of open sessions, so that a crash leaves none behind."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Coroutine, Sequence
from typing import Any

from .errors import AuthError, NotConfigured
from .ports import Durable, SessionStore
from .records import from_text, is_durable, to_text
from .values import SessionValue

log = logging.getLogger("tmdb_auth_async")


class Journal:
    """Writes sessions into a durable store as they open, and out as they close."""

    def __init__(self, store: SessionStore, url: str) -> None:
        """Write into *store*, if it is durable, the sessions of the service at *url*."""
        self._store = store if store.durable else None
        self._rows: set[str] = set()
        self._prefix = hashlib.sha256(url.encode()).hexdigest()[:12] + "."

    @property
    def active(self) -> bool:
        """Whether anything is written at all."""
        return self._store is not None

    def row_for(self, value: object) -> str | None:
        """Return a new row for *value*, not written yet, or `None` where nothing can be recovered."""
        if self._store is None or not is_durable(value) or getattr(value, "ends_by_itself", False):
            return None
        return self._prefix + uuid.uuid4().hex

    async def write(self, row: str, value: SessionValue) -> bool:
        """Write into *row* that *value* is open, and say whether that worked.

        A store that is away is logged and gone without, unless it must not be. One that
        cannot work raises `NotConfigured`, for whoever opens the session.
        """
        if self._store is None:
            return False
        try:
            await self._store.record(row, to_text(value))
        except AuthError as error:
            if isinstance(error, NotConfigured):
                error.halfway = True
                raise
            self._go_without(error)
            return False
        self._rows.add(row)
        return True

    async def record(self, value: SessionValue) -> str | None:
        """Write that *value*, which no call has told of, is open; return its row, or `None` where there is none.

        A store that fails is logged and gone without, unless it must not be.
        """
        row = self.row_for(value)
        if row is None:
            return None
        try:
            return row if await self.write(row, value) else None
        except NotConfigured as error:
            self._go_without(error)
            return None

    async def keep(self, name: str, value: SessionValue, *rows: str) -> None:
        """Keep *value* under *name* in the store and take *rows* out, in one step; raises an `AuthError`."""
        if self._store is not None:
            await self._store.save(name, to_text(value), *rows)
            self._rows.difference_update(rows)

    async def record_beside(
        self, write: Coroutine[Any, Any, None], values: Sequence[SessionValue]
    ) -> tuple[str | None, ...]:
        """Do *write* and record *values* at once, of which our stores make one step; return the rows of *values*.

        When *write* fails nothing has changed: the rows are taken out again, and its error is raised.
        """
        if not values:
            await write
            return ()
        records = (self.record(value) for value in values)  # first: a store that makes two steps of it loses nothing
        *recorded, written = await asyncio.gather(*records, write, return_exceptions=True)
        rows = tuple(row if isinstance(row, str) else None for row in recorded)
        if isinstance(written, BaseException):
            if known := [row for row in rows if row is not None]:
                await self.forget(*known)
            raise written
        return rows

    async def forget(self, *rows: str) -> None:
        """Write that the sessions of *rows* are closed; a row that stays is closed once more by `recover`."""
        if self._store is None:
            return
        try:
            await self._store.forget(*rows)
            self._rows.difference_update(rows)
        except AuthError as error:
            log.warning("the journal could not be written (%s)", type(error).__name__)

    async def aclose(self) -> None:
        """Leave what could not be closed to whoever recovers next, and release the store."""
        if self._store is None:
            return
        try:
            if self._rows:
                await self._store.abandon(*self._rows)
            await self._store.aclose()
        except AuthError as error:
            log.warning("the journal could not be written (%s)", type(error).__name__)

    async def orphans(self) -> list[tuple[str, Durable]]:
        """Return what dead processes left open, newest first; what cannot be read stays where it is."""
        if self._store is None:
            return []
        found: list[tuple[str, Durable]] = []
        unreadable = 0
        for row, text in reversed(await self._store.claim_orphans(self._prefix)):
            try:
                found.append((row, from_text(text)))
                self._rows.add(row)
            except AuthError:
                unreadable += 1
        if unreadable:
            log.warning("%d journal entries cannot be read by this program and stay", unreadable)
        return found

    def _go_without(self, error: AuthError) -> None:
        if getattr(self._store, "must_journal", False):
            raise error
        log.warning("the journal could not be written (%s): a crash would leave a session", type(error).__name__)
