"""A store's link to its SQLite file: every step is one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from .changes import Changes
from .sqlite_database import Database
from .sqlite_journal import forget_rows, leave_rows, record_rows
from .sqlite_owners import Owner

KEEP = "INSERT INTO kept (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text"


class SQLiteLink:
    """The file as one owner sees it."""

    def __init__(self, database: Database, owner: str, *, lease_s: float) -> None:
        """Write as *owner*, whose lease is *lease_s* long."""
        self._database = database
        self._owner = Owner(owner, lease_s=lease_s)

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*."""

        def load(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT text FROM kept WHERE name = ?", (name,)).fetchone()
            return None if row is None else row[0]

        return await self._database.run(load)

    async def names(self) -> Iterable[str]:
        """Return the names under which something is kept."""

        def names(connection: sqlite3.Connection) -> list[str]:
            return [name for (name,) in connection.execute("SELECT name FROM kept").fetchall()]

        return [str(name) for name in await self._database.run(names)]

    async def write(self, changes: Changes, /) -> None:
        """Write *changes*."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            renew_at = self._owner.renew_at
            if recorded := changes.recorded:
                renew_at = self._owner.register(connection)
                record_rows(connection, recorded, self._owner.name)
            forget_rows(connection, changes.forgotten)
            leave_rows(connection, tuple(changes.abandoned))
            for name, text in changes.kept.items():
                if text is None:
                    connection.execute("DELETE FROM kept WHERE name = ?", (name,))
                else:
                    connection.execute(KEEP, (name, text))
            connection.execute("COMMIT")
            self._owner.renew_at = renew_at

        await self._database.run(write)

    async def claim(self, prefix: str, /) -> Iterable[tuple[str, str]]:
        """Make the rows under *prefix* whose owner is dead this owner's."""

        def claim(connection: sqlite3.Connection) -> list[tuple[str, str]]:
            connection.execute("BEGIN IMMEDIATE")
            dead = self._owner.dead(connection)
            rows = connection.execute(
                "SELECT key, owner, owners.id IS NULL FROM journal LEFT JOIN owners ON owners.id = owner"
                " WHERE substr(key, 1, ?) = ? ORDER BY place",
                (len(prefix), prefix),
            ).fetchall()
            ours = [key for key, owner, unknown in rows if unknown or owner in dead or owner == self._owner.name]
            renew_at = self._owner.register(connection) if ours else self._owner.renew_at
            connection.executemany(
                "UPDATE journal SET owner = ? WHERE key = ?", [(self._owner.name, key) for key in ours]
            )
            found = [
                connection.execute("SELECT key, text FROM journal WHERE key = ?", (key,)).fetchone() for key in ours
            ]
            self._owner.sweep(connection, dead)
            connection.execute("COMMIT")
            self._owner.renew_at = renew_at
            return found

        return await self._database.run(claim)

    async def take(self, name: str, token: str, /) -> bool:
        """Take the lock *name*, unless a living owner other than this one has it."""

        def take(connection: sqlite3.Connection) -> bool:
            if not self._is_free(connection, name):  # so that those who wait only read
                return False
            connection.execute("BEGIN IMMEDIATE")
            if not self._is_free(connection, name):
                return False
            renew_at = self._owner.register(connection)
            connection.execute(
                "REPLACE INTO holds (name, owner, token) VALUES (?, ?, ?)", (name, self._owner.name, token)
            )
            connection.execute("COMMIT")
            self._owner.renew_at = renew_at
            return True

        return await self._database.run(take)

    async def drop(self, name: str, token: str, /) -> None:
        """Give the lock *name* back, if it is held by *token*."""

        def drop(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM holds WHERE name = ? AND token = ?", (name, token))

        await self._database.run(drop)

    async def renew(self, held: Mapping[str, str], /) -> bool:
        """Renew the lease; the locks in *held* live as long as their owner does."""

        def renew(connection: sqlite3.Connection) -> None:
            self._owner.renew_at = 0.0
            self._owner.renew_at = self._owner.register(connection)

        await self._database.run(renew)
        return True

    async def close(self) -> None:
        """Close the file."""
        await self._database.close()

    def _is_free(self, connection: sqlite3.Connection, name: str) -> bool:
        row = connection.execute("SELECT owner FROM holds WHERE name = ?", (name,)).fetchone()
        return row is None or row[0] == self._owner.name or row[0] in self._owner.dead(connection, row[0])
