"""The file of the sessions, as the command line uses it: whoever must wait for another program is told so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from .. import NotConfigured
from ..stores import SQLiteStore
from .describing import called

QUIET_S = 1.0
"""How long a wait is nothing to speak of."""


class SharedFile(SQLiteStore):
    """A file of sessions that other programs use as well, any of which may hold a name while its human approves."""

    def __init__(self, path: str | None, *, note: Callable[[str], None]) -> None:
        """Use *path*, which may begin with `~`, or this user's own file; say by *note* what takes long."""
        super().__init__(path if path is None or not path.startswith("~") else _at_home(path))
        self._note = note

    def hold(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Be the only holder of *name*; a wait for that is told once it takes long."""
        return self._told(name, super().hold(name))

    @asynccontextmanager
    async def _told(self, name: str, held: AbstractAsyncContextManager[None]) -> AsyncGenerator[None]:
        telling = asyncio.get_running_loop().call_later(QUIET_S, self._tell, name)
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(held)
            finally:
                telling.cancel()
            yield

    def _tell(self, name: str) -> None:
        whose = called(name.rpartition(" @ ")[0])  # behind that stands the service
        self._note(f"Another login or logout under {whose} is going on: waiting for its end. Ctrl-C stops.")


def _at_home(path: str) -> Path:
    """Return *path* with a user's home folder in place of its beginning, as a shell does where it sees that."""
    with suppress(RuntimeError):
        return Path(path).expanduser()
    message = f"nobody here has the home folder with which {path} begins: give the whole path of a file for sessions"
    raise NotConfigured(message)
