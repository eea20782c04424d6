"""Locks on names, which one store object holds among all who share what it lives in."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ..closing import see_through
from ..errors import AuthError, NotAttempted
from .line import result_of
from .stay import Stay

FIRST_POLL_S = 0.01
LONGEST_POLL_S = 0.15
LET_GO_TIMEOUT_S = 5.0

log = logging.getLogger("tmdb_auth_async")


class Holds:
    """The locks of one store object: tasks of this process wait in line, and only the first asks the link.

    A lock that could not be given back, or of which nobody knows whether it was taken,
    is given back later.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.held: dict[str, str] = {}
        self._undropped: dict[str, str] = {}

    @property
    def need_care(self) -> bool:
        """Whether there is a lock to renew or to give back."""
        return bool(self.held or self._undropped)

    @asynccontextmanager
    async def hold(self, stay: Stay, name: str) -> AsyncGenerator[None]:
        """Hold the lock *name* while the block runs; raises an `AuthError` when the link cannot tell who has it."""
        token = uuid.uuid4().hex
        async with stay.locks.of(name):
            await self._take(stay, name, token)
            self.held[name] = token
            stay.wake()
            try:
                yield
            finally:
                del self.held[name]
                await self._let_go(stay, name, token)

    async def drop_overdue(self, stay: Stay) -> None:
        """Give back what could not be given back before; raises an `AuthError` when it cannot again."""
        for token, name in list(self._undropped.items()):
            await self._drop(stay, name, token)

    async def _take(self, stay: Stay, name: str, token: str) -> None:
        longest_s = FIRST_POLL_S
        while True:
            taking = stay.start(lambda link: link.take(name, token))
            try:
                if await result_of(taking):
                    return
            except asyncio.CancelledError:
                await self._let_go(stay, name, token, after=taking)
                raise
            except NotAttempted:
                raise
            except AuthError:
                self._undropped[token] = name
                stay.wake()
                raise
            await asyncio.sleep(random.uniform(longest_s / 2, longest_s))  # noqa: S311  # jitter, no secret
            longest_s = min(LONGEST_POLL_S, longest_s * 1.5)

    async def _let_go(self, stay: Stay, name: str, token: str, *, after: asyncio.Task[bool] | None = None) -> None:
        """Give the lock back, *after* it was perhaps taken, through any number of cancels; raise the last of them."""
        self._undropped[token] = name
        dropping = asyncio.get_running_loop().create_task(self._try_to_drop(stay, name, token, after))
        cancel = await see_through(dropping, timeout_s=LET_GO_TIMEOUT_S)
        if cancel is not None:
            raise cancel

    async def _try_to_drop(self, stay: Stay, name: str, token: str, after: asyncio.Task[bool] | None) -> None:
        if after is not None:
            await asyncio.wait({after})
        try:
            await self._drop(stay, name, token)
        except AuthError as error:
            log.warning("a lock could not be given back (%s); it is tried again", type(error).__name__)
            stay.wake()

    async def _drop(self, stay: Stay, name: str, token: str) -> None:
        await stay.call(lambda link: link.drop(name, token))
        self._undropped.pop(token, None)
