"""The shelf: where a store keeps the sessions of one service, under their names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from ..errors import NotConfigured
from ..journal import Journal
from ..ports import Durable, SessionStore
from ..records import from_text
from ..values import SessionValue
from .naming import unreadable


class Shelf:
    """Keeps session values under names; where the store is not durable, it only tells who holds a name."""

    def __init__(self, store: SessionStore, journal: Journal, url: str) -> None:
        """Keep in *store* the sessions of the service at *url*."""
        self._store = store
        self._journal = journal
        self._url = url

    @property
    def durable(self) -> bool:
        """Whether anything is kept beyond the memory of one manager."""
        return self._journal.active

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Be the only holder of *name* among all who share the store."""
        return self._store.hold(self._key(name))

    async def names(self) -> set[str]:
        """Return the names under which something is kept."""
        suffix = self._key("")
        return {key.removesuffix(suffix) for key in await self._store.names() if key.endswith(suffix)}

    async def load(self, name: str) -> Durable | None:
        """Return what is kept under *name*, be it over or not; raises `NotConfigured` where it is `unreadable`."""
        if not self.durable:
            return None
        try:
            text = await self._store.load(self._key(name))
            return None if text is None else from_text(text)
        except NotConfigured as error:
            failure = error
        if failure.unreadable:
            failure = NotConfigured(unreadable(name, failure.message))
            failure.unreadable = True
        raise failure

    async def save(
        self, name: str, value: SessionValue, *rows: str, leaving: Sequence[SessionValue] = ()
    ) -> tuple[str | None, ...]:
        """Keep *value* under *name*, in place of the journal's *rows*; journal those *leaving*; return their rows."""
        return await self._journal.record_beside(self._journal.keep(self._key(name), value, *rows), leaving)

    async def delete(self, name: str, *, leaving: Sequence[SessionValue] = ()) -> tuple[str | None, ...]:
        """Forget what is kept under *name*; journal those *leaving*, and return their rows."""
        return await self._journal.record_beside(self._store.delete(self._key(name)), leaving)

    def _key(self, name: str) -> str:
        return f"{name} @ {self._url}"
