"""Kept sessions in memory: they end with their manager."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from .locks import NameLocks


class MemoryStore:
    """Keeps sessions for as long as its manager, for this process alone. The default."""

    durable = False

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: dict[str, str] = {}
        self._locks = NameLocks()

    def __repr__(self) -> str:
        """Tell how many sessions are kept."""
        return f"<MemoryStore of {len(self._kept)}>"

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*."""
        return self._kept.get(name)

    async def save(self, name: str, text: str, /, *keys: str) -> None:
        """Keep *text* under *name*."""
        del keys
        self._kept[name] = text

    async def delete(self, name: str, /) -> None:
        """Forget what is kept under *name*."""
        self._kept.pop(name, None)

    async def names(self) -> tuple[str, ...]:
        """Return the names, sorted."""
        return tuple(sorted(self._kept))

    @asynccontextmanager
    async def hold(self, name: str, /) -> AsyncGenerator[None]:
        """Be the only holder of *name* in this process."""
        async with self._locks.of(name):
            yield

    async def record(self, key: str, text: str, /) -> None:
        """Write nothing: what ends with the process cannot tell of its crash."""

    async def forget(self, *keys: str) -> None:
        """Forget nothing: nothing was written."""

    async def abandon(self, *keys: str) -> None:
        """Abandon nothing: nothing was written."""

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Return nothing: nothing was written."""
        del prefix
        return ()

    async def aclose(self) -> None:
        """Release nothing."""
