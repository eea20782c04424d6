"""Many rows of the journal's table in one statement: each gives up the interpreter's lock, and waits to get it back.

While an event loop is busy beside it, those waits take longer than the statements themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TypeVar

Row = TypeVar("Row")

INSERT = "INSERT INTO journal (key, text, owner)"
OVERWRITE = "ON CONFLICT (key) DO UPDATE SET text = excluded.text, owner = excluded.owner"

_MOST = 300
"""How many rows go into a statement: an older SQLite takes 999 parameters, and a row may need three."""


def record_rows(connection: sqlite3.Connection, rows: Sequence[tuple[str, str]], owner: str) -> None:
    """Write *rows*, keys and texts, as *owner*, in their order."""
    for some in _portions(rows):
        places = ", ".join(["(?, ?, ?)"] * len(some))
        connection.execute(
            f"{INSERT} VALUES {places} {OVERWRITE}", [field for key, text in some for field in (key, text, owner)]
        )


def forget_rows(connection: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Take the rows *keys* out."""
    _for_each(connection, "DELETE FROM journal", keys)


def leave_rows(connection: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Leave the rows *keys* without an owner."""
    _for_each(connection, "UPDATE journal SET owner = NULL", keys)


def _for_each(connection: sqlite3.Connection, statement: str, keys: Sequence[str]) -> None:
    for some in _portions(keys):
        connection.execute(f"{statement} WHERE key IN ({', '.join('?' * len(some))})", some)


def _portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + _MOST] for start in range(0, len(rows), _MOST))
