"""An SQLite database in which whole transactions run in one visit to aiosqlite's thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from ..errors import AuthError, NotConfigured, TimedOut
from .masked import Masked
from .sqlite_schema import damaged

T = TypeVar("T")

BUSY_TIMEOUT_S = 10.0
"""How long a write waits for those of other processes."""

STATEMENTS = 64
"""How many statements are kept prepared."""

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class _Visit:
    """Work to be done in the thread of a connection; a log that shows it shows the work's name."""

    def __init__(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        self._work = work
        self._result: Any = None

    def __repr__(self) -> str:
        return f"<{self._work.__name__}>"

    def on(self, connection: sqlite3.Connection) -> _Visit:
        """Do the work; the connection is in no transaction afterwards, whatever happened."""
        try:
            self._result = self._work(connection)
        finally:
            if connection.in_transaction:
                connection.rollback()
        return self

    def fetchall(self) -> Any:
        """Return the result, where aiosqlite expects rows."""
        return self._result


class _Connection(sqlite3.Connection):
    """A connection that does a visit's work when it is asked to execute one.

    aiosqlite goes to its thread and back for each statement. Between two of them a
    cancel could leave a transaction open, and each way costs more than the statement.
    """

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Execute *sql*, or the visit that is its only parameter."""
        if len(parameters) == 1 and isinstance(visit := parameters[0], _Visit):
            return visit.on(self)
        return super().execute(sql, parameters)

    def __del__(self) -> None:
        """Close what nobody closed: aiosqlite forgets a connection whose opener was cancelled meanwhile."""
        with suppress(sqlite3.Error):
            self.close()


class Database:
    """One connection; a cancelled `run` has no effect on what runs, which is done whole or not at all."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        """Use *connection*, which is open; *path* is for errors."""
        self._connection = connection
        self._path = path

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what *work* returns, done in the connection's thread; raises an `AuthError` that names the file."""
        failure: AuthError
        try:
            done: Any = await self._connection.execute_fetchall(work.__name__, [_Visit(work)])
        except sqlite3.Error as error:
            failure = explained(error, self._path)
        else:
            result: T = done
            return result
        raise failure

    async def close(self) -> None:
        """Finish what runs and close; raises an `AuthError` where that fails."""
        failure: AuthError
        try:
            await self._connection.close()
        except sqlite3.Error as error:
            failure = explained(error, self._path)
        else:
            return
        raise failure


async def connect(path: Path) -> Database:
    """Connect to the file *path*, which exists; raises an `AuthError` where that fails."""
    connection = await asyncio.to_thread(_daemonic, lambda: _connection(path))
    failure: AuthError
    try:
        connection = await connection
    except sqlite3.Error as error:
        failure = explained(error, path)
    else:
        connection.text_factory = _masked
        return Database(connection, path)
    raise failure


def explained(error: sqlite3.Error, path: Path) -> AuthError:
    """Return what *error* means for whoever uses the file *path*."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of it says more than is needed
    if code in _LOCKED:
        return TimedOut(f"{path} is locked by another process: try again, or end that process")
    if code in _DAMAGED:
        return damaged(path)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return NotConfigured(f"{path} cannot be used ({name}): look at its disk and permissions, or use another path")


def _connection(path: Path) -> aiosqlite.Connection:
    return aiosqlite.connect(
        f"{path.as_uri()}?mode=rw",  # a file that is gone is not made anew, readable by others
        uri=True,
        factory=_Connection,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,  # only its thread uses it; what is forgotten is closed by whoever notices
        cached_statements=STATEMENTS,
    )


def _masked(text: bytes) -> Masked:
    return Masked(text.decode(errors="replace"))


def _daemonic(make: Callable[[], T]) -> T:
    """Return what *make* makes; threads that it prepares end with the program instead of keeping it from ending.

    A thread inherits that from the one in which it is made, and aiosqlite offers no other way.
    """
    made: list[T] = []
    thread = threading.Thread(target=lambda: made.append(make()), daemon=True)
    thread.start()
    thread.join()
    return made[0]
