"""A stranger's strategy that returns no session: whoever opens is told, and what it made is closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from tmdb_auth_async import (
    TMDB,
    Ask,
    BearerToken,
    Chain,
    Guest,
    NotConfigured,
    Pending,
    SessionManager,
    Strategy,
    V4Conversion,
    tmdb,
)
from tmdb_auth_async.stores import MemoryStore, SQLiteStore
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.values import JSON


@attrs.frozen
class Unsigned:
    """A value that only looks like a session."""

    id: str = attrs.field(repr=False)
    sign: None = None


@attrs.frozen
class Forgets:
    """Logs in, and returns what *gives* makes of it."""

    gives: Callable[[tmdb.UserSession], object]

    async def open(self, ask: Ask, /) -> Any:
        """Log in."""
        token = await ask(tmdb.create_request_token())
        await ask(tmdb.validate_with_login(token.request_token, "ada", "secret"))
        made = await ask(tmdb.create_session(token.request_token))
        return self.gives(tmdb.UserSession(made.session_id))

    async def close(self, ask: Ask, session: Any, /) -> None:
        """Delete the session."""
        await ask(tmdb.delete_session(session.id))


class Plain(Forgets):
    """As `Forgets`, and promises to ask plainly."""

    asks_plainly = True


GIVEN: dict[str, Callable[[tmdb.UserSession], object]] = {
    "nothing": lambda _: None,
    "an id": lambda session: session.id,
    "no sign": lambda session: Unsigned(session.id),
    "a class": type,
}
KINDS = pytest.mark.parametrize("kind", [Forgets, Plain])


@pytest.fixture(params=["memory", "sqlite"])
async def manager(fake: FakeTMDB, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SessionManager]:
    """Manage sessions of that TMDB, with a journal and without."""
    app = BearerToken(fake.read_access_token)
    store = MemoryStore() if request.param == "memory" else SQLiteStore(tmp_path / "store.db")
    async with SessionManager(app, service=TMDB.at(fake.url), store=store, close_timeout_s=2.0) as manager:
        yield manager


@KINDS
@pytest.mark.parametrize("given", GIVEN)
async def test_what_cannot_sign_is_no_session(
    fake: FakeTMDB, manager: SessionManager, kind: type[Forgets], given: str
) -> None:
    """It was used as the program itself, and nobody could close it; a scope, a login and a chain say so alike."""
    strategy = kind(GIVEN[given])
    works: list[Callable[[], Any]] = [
        manager.session(strategy).__aenter__,
        lambda: manager.login(strategy),
        manager.session(Chain(strategy, Guest())).__aenter__,
        manager.session(Chain(V4Conversion(strategy), Chain(strategy), Guest())).__aenter__,
    ]
    for work in works:
        with pytest.raises(NotConfigured, match=r"must return a value with the method sign") as caught:
            await work()
        assert "session_id" not in str(caught.value)
    await manager.aclose()
    assert not fake.sessions | fake.guest_sessions
    stats = manager.stats()
    assert (stats.opened, stats.open_now) == (4, 0)


@KINDS
async def test_what_makes_nothing_and_gives_nothing_is_told(manager: SessionManager, kind: type[Forgets]) -> None:
    """Also where there is nothing to close."""

    class Empty(kind):  # type: ignore[valid-type, misc]  # one of two known ones
        async def open(self, ask: Ask, /) -> None:
            """Open nothing."""

    with pytest.raises(NotConfigured, match="must return"):
        async with manager.session(Empty(lambda _: None)):
            pass
    assert manager.stats().opened == 0


@attrs.frozen
class HalfOfNothing:
    """The second half of a web login whose session signs nothing."""

    def dump(self) -> dict[str, JSON]:
        """Hold nothing."""
        return {}

    @classmethod
    def load(cls, _: object, /) -> HalfOfNothing:
        """Make it again."""
        return cls()

    async def complete(self, ask: Ask, _: object, /) -> Any:
        """Log in, and return what can be closed and no more."""
        session: tmdb.UserSession = await Forgets(lambda session: session).open(ask)
        return Closes(session)


@attrs.frozen
class Closes:
    """What can be closed and signs nothing."""

    session: tmdb.UserSession = attrs.field(repr=False)

    async def close(self, ask: Ask, /) -> None:
        """Delete it."""
        await self.session.close(ask)


@attrs.frozen
class OnTheWeb(Forgets):
    """Begins such a login."""

    pending: Pending | None = None

    async def begin(self, _: Ask, /) -> Pending:
        """Begin it."""
        return cast("Pending", self.pending)


async def test_a_web_login_that_gives_no_session_is_told(fake: FakeTMDB, manager: SessionManager) -> None:
    """What it made is closed all the same."""
    end = (await manager.ask(tmdb.create_request_token())).expires_at
    strategy: Strategy[Any] = OnTheWeb(GIVEN["nothing"], Pending("https://example.org", end, HalfOfNothing()))
    with pytest.raises(NotConfigured, match="must return a value with the method sign"):
        await manager.complete(await manager.begin(strategy), {})
    await manager.aclose()
    assert not fake.sessions
