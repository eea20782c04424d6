"""By this library: scoped on a client of its own, scoped on a borrowed one, and a kept session."""

import tempfile
from itertools import count
from pathlib import Path

import aiohttp

from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, Session, SessionManager
from tmdb_auth_async.service import answers
from tmdb_auth_async.service.decoding import by_python
from tmdb_auth_async.stores import SQLiteStore

from ..crowd import crowd
from ..target import PASSWORD, USERNAME, Target
from .protocol import USES


class Owned:
    """A manager with everything at its default."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._strategy = RequestTokenLogin(Password(USERNAME, PASSWORD))
        self._manager: SessionManager
        self._kept: Session

    def make(self) -> SessionManager:
        """Make the manager that is measured."""
        return SessionManager(BearerToken(self._target.token), service=TMDB.at(self._target.url))

    async def start(self) -> None:
        self._manager = await self.make().__aenter__()
        self._kept = await self._manager.login(self._strategy)

    async def cycle(self) -> None:
        async with self._manager.session(self._strategy) as session:
            for _ in range(USES):
                await session.get("/3/account")

    async def get(self) -> None:
        await self._kept.get("/3/account")

    async def stop(self) -> None:
        await self._manager.logout()
        await self._manager.aclose()


class ByPython(Owned):
    """The same where msgspec is not installed, and JSON is decoded by Python."""

    async def start(self) -> None:
        vars(answers)["decoded"] = by_python  # for this process alone, which no other candidate runs in
        await super().start()


class Among100(Owned):
    """Scoped sessions while a hundred others are open."""

    others = 100

    async def start(self) -> None:
        await super().start()
        self._scopes = [self._manager.session(self._strategy) for _ in range(self.others)]
        scopes = iter(self._scopes)
        await crowd(lambda: next(scopes).__aenter__(), times=self.others, concurrency=64)


class Among10000(Among100):
    """Scoped sessions while ten thousand others are open."""

    others = 10_000


class Borrowed(Owned):
    """A manager on a `ClientSession` of the program's own."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._client: aiohttp.ClientSession

    def make(self) -> SessionManager:
        return SessionManager(BearerToken(self._target.token), service=TMDB.at(self._target.url), client=self._client)

    async def start(self) -> None:
        self._client = aiohttp.ClientSession()
        await super().start()

    async def stop(self) -> None:
        await super().stop()
        await self._client.close()


class Kept(Owned):
    """A session kept under a name: `login` when it is needed, `logout` when it is over."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._numbers = count()

    async def cycle(self) -> None:
        name = f"user {next(self._numbers)}"
        session = await self._manager.login(self._strategy, name=name)
        for _ in range(USES):
            await session.get("/3/account")
        await self._manager.logout(name)


class Journalled(Owned):
    """Scoped sessions with a journal in a SQLite file, which finds them again after a crash."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._folder = tempfile.TemporaryDirectory()

    def make(self) -> SessionManager:
        store = SQLiteStore(Path(self._folder.name) / "sessions.db")
        return SessionManager(BearerToken(self._target.token), service=TMDB.at(self._target.url), store=store)

    async def stop(self) -> None:
        await super().stop()
        self._folder.cleanup()
