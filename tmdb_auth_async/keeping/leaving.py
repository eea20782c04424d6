"""What a name is about to lose: journalled before the name forgets it, and closed after."""

from __future__ import annotations

import asyncio

from ..desk import Desk
from ..ports import Durable
from ..records import to_text
from ..session import Session
from ..values import SessionValue


class Leaving:
    """The session that is in memory under a name and the one in the store, where another manager has put another."""

    __slots__ = ("_other", "_session", "rows")

    def __init__(self, session: Session | None, stored: Durable | None) -> None:
        """End *session*, and *stored* unless that is the same."""
        is_known = session is not None and stored is not None and to_text(session.value) == to_text(stored)
        self._session = session
        self._other = None if is_known else stored
        self.rows: tuple[str | None, ...] = ()
        """The journal row of each of the `values`, once they are written."""

    @property
    def values(self) -> list[SessionValue]:
        """What is to be closed."""
        values = (None if self._session is None else self._session.value, self._other)
        return [value for value in values if value is not None]

    def start(self, desk: Desk, *, instead: Session | None = None) -> set[asyncio.Task[bool]]:
        """Begin to close it all at *desk*, with *instead* of the session if that goes on; return the closes."""
        ending = [] if self._session is None else [instead or self._session]
        if self._other is not None:
            ending.append(desk.adopt(self._other, strategy=None, rows=()))
        for session, row in zip(ending, self.rows, strict=False):  # without a journal there are no rows
            if row is not None:
                session.rows = (*session.rows, row)
        closes = [desk.start_close(session) for session in ending]
        return {close for close in closes if close is not None}
