"""The tables of the SQLite file, and how an older file comes to have them."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from ..errors import NotConfigured

APPLICATION_ID = 0x746D6462  # "tmdb"
"""What marks a file as ours, where SQLite and file(1) look for it."""

WAIT_S = 10.0

MIGRATIONS = (
    ("CREATE TABLE kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",),
    (
        """CREATE TABLE owners (
            id TEXT PRIMARY KEY, machine TEXT NOT NULL, boot TEXT NOT NULL, space TEXT NOT NULL,
            pid INTEGER NOT NULL, started TEXT NOT NULL, lease_until REAL NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE journal (
            place INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL, owner TEXT
        )""",
        "CREATE TABLE holds (name TEXT PRIMARY KEY, owner TEXT NOT NULL, token TEXT NOT NULL) WITHOUT ROWID",
    ),
)
"""What takes a file from each version to the next; an owner of `NULL` is nobody."""


def prepare(connection: sqlite3.Connection, path: Path, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring the file to the newest version; raises `NotConfigured` for one that is not ours to change.

    In WAL mode with `synchronous=NORMAL` a commit outlives the process, killed or not.
    Only a machine that loses its power may lose the last ones, never half of one: no
    wait for a disk is worth that much to a session that its service ends anyway.
    """
    _check(connection, path, len(migrations))
    _patiently(connection, "PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
    if _number(connection, "user_version") < len(migrations):
        _patiently(connection, "BEGIN IMMEDIATE")
        for statements in migrations[_number(connection, "user_version") :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(migrations)}")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("COMMIT")


def _check(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    """Raise for a file that is another's, newer or cut short; SQLite itself raises for one that makes no sense."""
    connection.execute("BEGIN")  # so that all is of the same moment: another process may be preparing the file
    version = _number(connection, "user_version")
    if _number(connection, "application_id") != APPLICATION_ID:
        if version or connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            message = f"{path} is another program's database: give the path of another file, which need not exist"
            raise NotConfigured(message)
    elif version > newest:
        message = f"{path} has version {version}, this release reads up to {newest}: upgrade, or use another file"
        raise NotConfigured(message)
    if path.stat().st_size % _number(connection, "page_size") and not _size(path.with_name(f"{path.name}-wal")):
        raise damaged(path)
    connection.execute("COMMIT")


def damaged(path: Path) -> NotConfigured:
    """Return the error for a file that cannot be made sense of."""
    return NotConfigured(f"{path} is no database, or damaged: move it away, and log in again; it was left as it is")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    number: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return number


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute what SQLite may refuse at once, rather than wait, while another process prepares the file."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        else:
            return
        time.sleep(0.01)
