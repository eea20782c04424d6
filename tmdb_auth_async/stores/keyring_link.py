"""A store's link to the user's keyring: every step runs in a thread, while no other process uses the keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from .changes import Changes
from .keyring_locks import LockFiles
from .keyring_vault import Index, Vault

T = TypeVar("T")

NOBODY = ""


class KeyringLink:
    """The keyring as one owner sees it; the owner lives for as long as its process does."""

    def __init__(self, vault: Vault, locks: LockFiles, owner: str) -> None:
        """Write as *owner*, whose *locks* outlive this link."""
        self._vault = vault
        self._locks = locks
        self._owner = owner
        self._in_turn = asyncio.Lock()

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*."""

        def load() -> str | None:
            parts = self._vault.index().kept.get(name)
            return None if parts is None else self._vault.text(parts)

        text: str | None = await self._run(load)
        return text

    async def names(self) -> Iterable[str]:
        """Return the names under which something is kept."""
        return await self._run(lambda: list(self._vault.index().kept))

    async def write(self, changes: Changes, /) -> None:
        """Write *changes*: the texts first, then the index that makes them count."""

        def write() -> None:
            index = self._vault.index()
            if changes.recorded:
                self._locks.live()
            for key, text in changes.recorded:
                self._drop_row(index, key)
                index.rows[key] = (self._owner, self._vault.put(text))
            for key in changes.forgotten:
                self._drop_row(index, key)
            for key in changes.abandoned:
                if key in index.rows:
                    index.rows[key] = (NOBODY, index.rows[key][1])
            for name, kept in changes.kept.items():
                index.trash.extend(index.kept.pop(name, ()))
                if kept is not None:
                    index.kept[name] = self._vault.put(kept)
            self._vault.write(index)
            if all(owner != self._owner for owner, _ in index.rows.values()):
                self._locks.end()

        await self._run(write)

    async def claim(self, prefix: str, /) -> Iterable[tuple[str, str]]:
        """Make the rows under *prefix* whose owner is dead this owner's."""

        def claim() -> list[tuple[str, str]]:
            index = self._vault.index()
            others = {owner for owner, _ in index.rows.values()} - {self._owner, NOBODY}
            ours = {self._owner, NOBODY, *(owner for owner in others if self._locks.is_dead(owner))}
            rows = [(key, row) for key, row in index.rows.items() if key.startswith(prefix) and row[0] in ours]
            found: list[tuple[str, str]] = [(key, self._vault.what_is_left(parts)) for key, (_, parts) in rows]
            if any(owner != self._owner for _, (owner, _) in rows):
                self._locks.live()
                index.rows.update({key: (self._owner, parts) for key, (_, parts) in rows})
                self._vault.write(index)
            return found

        return await self._run(claim)

    async def take(self, name: str, token: str, /) -> bool:
        """Take the lock *name*, unless another owner has it."""
        return await asyncio.to_thread(self._locks.take, name, token)

    async def drop(self, name: str, token: str, /) -> None:
        """Give the lock *name* back, if it is held by *token*."""
        await asyncio.to_thread(self._locks.drop, name, token)

    async def renew(self, held: Mapping[str, str], /) -> bool:
        """Do nothing: locks on files last until they are released, or their process is over."""
        return True

    async def close(self) -> None:
        """Close nothing: the keyring is not held open."""

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._in_turn:  # so that those who wait take up one thread
            return await asyncio.to_thread(self._exclusively, work)

    def _exclusively(self, work: Callable[[], T]) -> T:
        turn = self._locks.turn()
        try:
            return work()
        finally:
            turn.release()

    def _drop_row(self, index: Index, key: str) -> None:
        if key in index.rows:
            index.trash.extend(index.rows.pop(key)[1])
