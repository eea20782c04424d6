"""Who owns what in the SQLite file: each owner's process and lease stand in a table of their own."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from .liveness import Identity, identity, is_dead

REGISTER = (
    "INSERT INTO owners (id, machine, boot, space, pid, started, lease_until) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until"
)
SWEEP = (
    "DELETE FROM owners WHERE id = ? AND NOT EXISTS (SELECT 1 FROM journal WHERE owner = owners.id)"
    " AND NOT EXISTS (SELECT 1 FROM holds WHERE owner = owners.id)"
)


class Owner:
    """One owner of rows and locks, and how it sees the others; each step is part of its caller's transaction."""

    def __init__(self, name: str, *, lease_s: float) -> None:
        """Be known by *name*, with a lease of *lease_s* seconds."""
        self.name = name
        self.renew_at = 0.0
        """When to be written again; for the caller to set once that has been committed."""
        self._lease_s = lease_s

    def register(self, connection: sqlite3.Connection) -> float:
        """Write who this owner is, unless that is known for a good while; return when to write it next."""
        now = time.time()
        if now < self.renew_at:
            return self.renew_at
        us = identity()
        row = (self.name, us.machine, us.boot, us.space, us.pid, us.started, now + self._lease_s)
        connection.execute(REGISTER, row)
        return now + self._lease_s / 3

    def dead(self, connection: sqlite3.Connection, one: str | None = None) -> set[str]:
        """Return the owners that are dead, of all or of that *one*; one that nobody knows is."""
        columns = "SELECT id, lease_until, machine, boot, space, pid, started FROM owners"
        if one is None:
            rows = connection.execute(columns).fetchall()
        else:
            rows = connection.execute(f"{columns} WHERE id = ?", (one,)).fetchall()
            if not rows:
                return {one}
        return {owner for owner, until, *them in rows if owner != self.name and _is_dead(them, until)}

    def sweep(self, connection: sqlite3.Connection, dead: set[str]) -> None:
        """Take out those of the *dead* who own nothing any more."""
        connection.executemany(SWEEP, [(owner,) for owner in dead])


def _is_dead(owner: list[Any], lease_until: Any) -> bool:
    machine, boot, space, pid, started = owner
    them = Identity(machine=machine, boot=boot, space=space, pid=pid, started=started)
    lease_ends = lease_until if isinstance(lease_until, float) else 0.0  # a damaged one: who lives renews it
    return is_dead(them, lease_until=lease_ends)
