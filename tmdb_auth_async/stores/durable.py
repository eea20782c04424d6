"""What every durable store does the same way, whatever it lives in."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from ..closing import see_through
from .line import result_of
from .masked import check_text
from .presence import Presence
from .stay import Stay

CLOSE_TIMEOUT_S = 5.0


class DurableStore(Presence):
    """A store that outlives the process; a subclass says how its link is opened.

    One object serves several managers and, one after the other, several event loops.
    `aclose` closes the link; whoever still uses the store opens another.
    """

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives the process: it does."""
        return True

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*, or `None`; its repr shows nothing."""
        check_text(name)
        return await self._here().call(lambda link: link.load(name))

    async def names(self) -> tuple[str, ...]:
        """Return the names under which something is kept, sorted."""
        return tuple(sorted(await self._here().call(lambda link: link.names())))

    async def save(self, name: str, text: str, /, *keys: str) -> None:
        """Keep *text* under *name* and, in the same step, forget the entries *keys*."""
        check_text(name, text, *keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.kept[name] = text
        stay.batches.next.forget(keys)
        await stay.batches.written()

    async def delete(self, name: str, /) -> None:
        """Forget what is kept under *name*."""
        check_text(name)
        stay = self._here()
        stay.batches.next.kept[name] = None
        await stay.batches.written()

    async def record(self, key: str, text: str, /) -> None:
        """Write into the journal that the session in *text* is open; returns once a crash cannot lose it."""
        check_text(key, text)
        stay = self._here()
        self._rows.add(key, text)
        stay.batches.next.record(key, text)
        stay.wake()
        await stay.batches.written()

    async def forget(self, *keys: str) -> None:
        """Take those journal entries out."""
        check_text(*keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.forget(keys)
        await stay.batches.written()

    async def abandon(self, *keys: str) -> None:
        """Leave those journal entries to whoever claims them first."""
        check_text(*keys)
        stay = self._here()
        self._rows.leave(keys)
        stay.batches.next.abandon(keys)
        await stay.batches.written()

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Become the owner of entries under *prefix* whose owner is dead; return them, oldest first.

        A caller that is cancelled meanwhile leaves them to whoever claims next.
        """
        check_text(prefix)
        claiming = self._start(self._claim(self._here(), prefix))
        try:
            return await result_of(claiming)
        except asyncio.CancelledError:
            claiming.add_done_callback(self._give_back)
            raise

    def hold(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Be the only holder of *name* among all who share this store; a dead holder loses it."""
        check_text(name)
        return self._holds.hold(self._here(), name)

    async def aclose(self) -> None:
        """Finish what is under way and close the link; twice is fine."""
        stay = self._stay
        if stay is None or not stay.is_here:
            return
        resting = self._start(stay.rest())
        cancel = await see_through(resting, timeout_s=CLOSE_TIMEOUT_S)
        if cancel is not None:
            raise cancel
        if resting.done():
            resting.result()

    async def _claim(self, stay: Stay, prefix: str) -> tuple[tuple[str, str], ...]:
        async with stay.batches.writing:
            found = await stay.call(lambda link: link.claim(prefix))
            claimed = tuple((key, text) for key, text in found if key not in self._rows)
            self._rows.take_over(claimed)
        if claimed:
            stay.wake()
        return claimed

    def _give_back(self, claiming: asyncio.Task[tuple[tuple[str, str], ...]]) -> None:
        if not claiming.cancelled() and claiming.exception() is None and claiming.result():
            keys = [key for key, _ in claiming.result()]
            _ = self._start(self.abandon(*keys))
