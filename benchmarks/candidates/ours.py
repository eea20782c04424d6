"""By this library: scoped on a client of its own, scoped on a borrowed one, and a kept session."""

from itertools import count

import aiohttp

from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, Session, SessionManager

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
        await self._manager.aclose()


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
