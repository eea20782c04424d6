"""One lock a name, for the tasks of one process."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class NameLocks:
    """Locks that exist for as long as somebody uses them, so that names and event loops may come and go."""

    def __init__(self) -> None:
        """Begin with none."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, name: str) -> asyncio.Lock:
        """Return the lock of *name*; hold on to it while it is needed."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock
