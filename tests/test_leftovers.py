"""What was made on the way to a session and is no part of it: closed, whoever goes on another way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from tmdb_auth_async import Ask, BearerToken, Chain, Link, Request, RequestTokenLogin, V4Conversion, V4Login, tmdb
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

from . import zitadel_asking
from .people import decide
from .scope_kit import ADA, CREATE, managed
from .zitadel_logins import PASSWORD

NO_CODE = ZitadelLogin("ada", password="secret", totp=lambda: "")


@attrs.frozen
class Signs:
    """A stranger's session value, which signs by whatever it has."""

    by: Any = attrs.field(repr=False)

    def sign(self, request: Request, /) -> Request:
        """Sign."""
        return request


@attrs.frozen
class Twice:
    """A stranger's strategy that makes a session, fails, and goes on another way."""

    asks_plainly: bool
    wraps: Callable[[tmdb.UserSession], Any] = attrs.field(default=lambda session: session)

    async def open(self, ask: Ask, /) -> Any:
        """Log in once in vain, and once more."""
        try:
            await self._half(ask)
        except LookupError:
            return self.wraps(await self._made(ask))

    async def close(self, ask: Ask, session: Any, /) -> None:
        """Delete what is left of it."""
        await ask(tmdb.delete_session(session.id if isinstance(session, tmdb.UserSession) else session.by))

    async def _half(self, ask: Ask) -> None:
        await self._made(ask)
        raise LookupError

    async def _made(self, ask: Ask) -> tmdb.UserSession:
        token = (await ask(tmdb.create_request_token())).request_token
        await ask(tmdb.validate_with_login(token, "ada", "secret"))
        return tmdb.UserSession((await ask(tmdb.create_session(token))).session_id)


@pytest.fixture
def zitadel(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada."""
    fake_zitadel.add_user("ada", "secret")
    return fake_zitadel


async def one_is_left(fake: FakeTMDB) -> None:
    """Wait until the service knows one session only."""
    async with asyncio.timeout(5):
        while len(fake.sessions) > 1:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("last", [PASSWORD, BearerToken("user-token")], ids=["a second login", "nothing to make"])
async def test_a_chain_closes_what_it_goes_past(zitadel: FakeZitadel, last: Any) -> None:
    """What a strategy has made before it found that it cannot go on is closed, while the next one's session lives."""
    async with zitadel_asking.managed(zitadel) as manager:
        async with manager.session(Chain(NO_CODE, last)) as session:
            own: set[str | None] = {session.id} if last is PASSWORD else set()
            async with asyncio.timeout(5):
                while set(zitadel.sessions) != own:
                    await asyncio.sleep(0.01)
        assert not zitadel.sessions
        assert manager.stats().opened == manager.stats().closed == 2


async def test_what_a_chain_goes_past_is_journalled_until_it_is_closed(zitadel: FakeZitadel, tmp_path: Path) -> None:
    """Where the close does not work either, whoever recovers next finds it."""
    path = tmp_path / "sessions.db"
    async with zitadel_asking.managed(zitadel, store=SQLiteStore(path), close_timeout_s=0.2) as manager:
        async with manager.session(Chain(NO_CODE, PASSWORD)):
            zitadel.fail(times=None, status=503, method="DELETE")
        assert len(zitadel.sessions) == 2
    zitadel.heal()
    async with zitadel_asking.managed(zitadel, store=SQLiteStore(path)) as manager:
        assert manager.stats().recovered == 2
    assert not zitadel.sessions


@pytest.mark.parametrize("plainly", [True, False], ids=["here", "apart"])
@pytest.mark.parametrize("stored", [True, False])
async def test_a_stranger_who_tries_twice_leaves_one(
    fake: FakeTMDB, tmp_path: Path, *, plainly: bool, stored: bool
) -> None:
    """A strategy that catches an error of its own keeps what it delivers, and the rest is closed."""
    store = SQLiteStore(tmp_path / "sessions.db") if stored else None
    async with managed(fake, store=store) as manager:
        async with manager.session(Twice(plainly)) as session:
            await one_is_left(fake)
            assert fake.sessions == {session.id}
            await session.get("/3/account")
        assert not fake.sessions


@pytest.mark.parametrize("plainly", [True, False], ids=["here", "apart"])
async def test_a_strangers_value_keeps_what_it_signs_with(fake: FakeTMDB, *, plainly: bool) -> None:
    """A value that only has the id somewhere in it is the session that has this id."""
    async with managed(fake) as manager:
        async with manager.session(Twice(plainly, wraps=lambda session: Signs(session.id))) as session:
            value: Any = session.value
            await one_is_left(fake)
            assert fake.sessions == {value.by}
        assert not fake.sessions


async def test_a_task_that_a_strategy_leaves_behind_leaves_no_session(fake: FakeTMDB) -> None:
    """What is still being made when the strategy has delivered belongs to nobody, and is closed when it comes."""
    left: list[asyncio.Task[Any]] = []

    class Hasty(RequestTokenLogin):
        async def open(self, ask: Ask, /) -> tmdb.UserSession:
            session = await super().open(ask)
            gate = fake.hold(CREATE, carried_out=True)
            left.append(asyncio.create_task(super().open(ask)))
            await gate.reached()
            asyncio.get_running_loop().call_soon(gate.release)
            return session

    async with managed(fake) as manager, manager.session(Hasty(ADA.approval)) as session:
        await asyncio.wait(left)
        await one_is_left(fake)
        assert fake.sessions == {session.id}
    assert not fake.sessions


async def test_both_parts_of_a_conversion_are_part_of_it(fake: FakeTMDB) -> None:
    """A converted session holds its token as well as its id, in a chain too."""

    async def show(link: object) -> None:
        await decide(str(link))

    async with managed(fake) as manager:
        async with manager.session(Chain(V4Conversion(V4Login(Link(show))))) as session:
            await session.get("/3/account")
            assert fake.sessions == {session.id}
            assert fake.access_tokens == {session.access_token}
        assert not fake.sessions | fake.access_tokens
        assert manager.stats().opened == 1
