"""Classes made from ours by inheritance: what they change is what counts."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import pytest

from tmdb_auth_async import TMDB, Ask, BearerToken, Password, Request, RequestTokenLogin, SessionManager, tmdb
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.tmdb.flow import Flow

from .scope_kit import ADA, CREATE, managed
from .scripted import Scripted

T = TypeVar("T")


class Stamped(BearerToken):
    """A token that is sent in a scheme of its own."""

    def sign(self, request: Request, /) -> Request:
        """Send it as a stamp."""
        return request.authorized(f"Stamp {self.token}")


class Registered:
    """A class that is told of its heirs, and tells no other."""

    def __init_subclass__(cls) -> None:
        """Keep it to itself."""


class RegisteredStamp(Registered, BearerToken):
    """A stamp beside such a class."""

    def sign(self, request: Request, /) -> Request:
        """Send it as a stamp."""
        return request.authorized(f"Stamp {self.token}")


class Hasty(RequestTokenLogin):
    """A login that must be quick."""

    async def open(self, ask: Ask, /) -> tmdb.UserSession:
        """Give it a fifth of a second."""
        async with asyncio.timeout(0.2):
            return await super().open(ask)


class HastyPassword(Password):
    """An approval that must be quick."""

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Give it a fifth of a second."""
        async with asyncio.timeout(0.2):
            return await super().approve(ask, flow)


@pytest.mark.parametrize("heir", [Stamped, RegisteredStamp])
async def test_a_sign_of_its_own_is_used(heir: type[BearerToken]) -> None:
    """An heir of a credential that signs in place may still sign as it likes, whatever stands beside it."""
    async with Scripted() as server, SessionManager(heir("t"), service=TMDB.at(server.url)) as manager:
        await manager.get("/3/x")
    assert server.arrived[0].headers["authorization"] == "Stamp t"


@pytest.mark.parametrize(
    "strategy",
    [Hasty(Password("ada", "secret")), RequestTokenLogin(HastyPassword("ada", "secret"))],
    ids=["strategy", "approval"],
)
async def test_a_time_limit_of_its_own_loses_nothing(strategy: RequestTokenLogin) -> None:
    """The creating request is read to its end all the same, and what it made is deleted."""
    async with FakeTMDB() as fake, managed(fake) as manager:
        fake.add_user("ada", "secret")
        with fake.hold(CREATE, carried_out=True) as gate:
            with pytest.raises(TimeoutError):
                async with manager.session(strategy):
                    pass
            await gate.reached()
        async with asyncio.timeout(5):
            while fake.sessions or manager.stats().closed == 0:
                await asyncio.sleep(0.01)
        assert manager.stats().possibly_lost == 0


def test_only_what_is_known_asks_plainly() -> None:
    """An heir may have put a time limit around it all, and is not taken for what it is made from."""
    assert ADA.asks_plainly
    assert not Hasty(Password("ada", "secret")).asks_plainly
    assert not RequestTokenLogin(HastyPassword("ada", "secret")).asks_plainly
