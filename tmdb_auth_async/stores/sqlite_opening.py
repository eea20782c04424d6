"""How a store comes to its SQLite file: made private, checked, and brought to the newest version."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from .private import check_companions, private_file
from .sqlite_database import connect
from .sqlite_link import SQLiteLink
from .sqlite_schema import prepare


async def open_link(path: Path, owner: str, *, lease_s: float) -> SQLiteLink:
    """Open the file *path*, made unless it exists; raises an `AuthError`."""
    real = await asyncio.to_thread(_private, path)
    database = await connect(real)

    def open_file(connection: sqlite3.Connection) -> None:
        prepare(connection, real)

    try:
        await database.run(open_file)
    except BaseException:
        await database.close()
        raise
    return SQLiteLink(database, owner, lease_s=lease_s)


def _private(path: Path) -> Path:
    real = private_file(path)
    check_companions(real, ("-wal", "-shm", "-journal"))
    return real
