"""What a durable store needs of the thing it lives in: the few steps that are different in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from .changes import Changes


class Link(Protocol):
    """An open connection, in one event loop, of one owner of journal rows.

    Every step is whole: one that is cancelled is done later or not at all. Each raises
    an `AuthError` when it fails.
    """

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*."""
        ...

    async def names(self) -> Iterable[str]:
        """Return the names under which something is kept."""
        ...

    async def write(self, changes: Changes, /) -> None:
        """Write *changes*, all or none; the rows in them are this owner's."""
        ...

    async def claim(self, prefix: str, /) -> Iterable[tuple[str, str]]:
        """Make the rows under *prefix* whose owner is dead this owner's; return all that are, oldest first."""
        ...

    async def take(self, name: str, token: str, /) -> bool:
        """Take the lock *name* by *token*, the hold's own, unless a living owner other than this one has it."""
        ...

    async def drop(self, name: str, token: str, /) -> None:
        """Give the lock *name* back, if it is held by *token*."""
        ...

    async def renew(self, held: Mapping[str, str], /) -> bool:
        """Tell everybody that this owner lives and holds *held* (tokens by name); false when it was forgotten."""
        ...

    async def close(self) -> None:
        """Close the connection."""
        ...
