"""A stranger's strategy, approval and session value: a few lines, no base class, no registration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar, TypeVar

import attrs
import pytest

from tmdb_auth_async import (
    TMDB,
    Approval,
    Ask,
    BearerToken,
    Call,
    LoginRefused,
    NoAnswer,
    NotConfigured,
    PermissionDenied,
    Request,
    RequestTokenLogin,
    SessionManager,
    Strategy,
    V4Login,
    tmdb,
)
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.tmdb.flow import Flow

T = TypeVar("T")

CREATE = "/3/authentication/session/new"
DELETE = "/3/authentication/session"


@attrs.frozen
class PasswordLogin:
    """Log in by password, step by step."""

    username: str
    password: str = attrs.field(repr=False)

    async def open(self, ask: Ask, /) -> tmdb.UserSession:
        """Fetch a token, approve it, exchange it."""
        token = await ask(tmdb.create_request_token())
        await ask(tmdb.validate_with_login(token.request_token, self.username, self.password))
        made = await ask(tmdb.create_session(token.request_token))
        return tmdb.UserSession(made.session_id)

    async def close(self, ask: Ask, session: tmdb.UserSession, /) -> None:
        """Delete the session."""
        await ask(tmdb.delete_session(session.id))


@attrs.frozen
class Stamped:
    """A session value with nothing but `sign`."""

    session_id: str = attrs.field(repr=False)

    def sign(self, request: Request, /) -> Request:
        """Sign by the query."""
        return request.with_param("session_id", self.session_id)


@attrs.define
class Restless:
    """Logs in as `PasswordLogin` does, notes what happens, and fails where it is told."""

    needs_human: ClassVar[bool] = False

    fails: type[Exception] | None = None
    close_fails: list[Exception] = attrs.field(factory=list)
    opened: int = 0

    async def open(self, ask: Ask, /) -> Stamped:
        """Log in, and perhaps fail thereafter."""
        session = await PasswordLogin("ada", "secret").open(ask)
        self.opened += 1
        if self.fails is not None:
            raise self.fails
        return Stamped(session.id)

    async def close(self, ask: Ask, session: Stamped, /) -> None:
        """Delete, or fail."""
        if self.close_fails:
            raise self.close_fails.pop()
        await ask(tmdb.delete_session(session.session_id))


class Plain(Restless):
    """As `Restless`, and promises to ask plainly."""

    asks_plainly = True


class Breaks(Plain):
    """Promises it, and asks what only it could close."""

    async def open(self, ask: Ask, /) -> Stamped:
        """Create a session by a call that does not tell of it."""
        call = tmdb.create_session("token")
        made = await ask(Call(call.request, call.answer))
        return Stamped(made.session_id)


class Shy(Restless):
    """As `Restless`, but with a person to ask."""

    needs_human = True


KINDS = pytest.mark.parametrize("kind", [Restless, Plain])
"""A strategy that is run in a task of the manager's, and one that is not."""


@pytest.fixture
async def manager(fake: FakeTMDB) -> AsyncIterator[SessionManager]:
    """Manage sessions of that TMDB."""
    app = BearerToken(fake.read_access_token)
    async with SessionManager(app, service=TMDB.at(fake.url), close_timeout_s=2.0) as manager:
        yield manager


async def test_a_strategy_of_fifteen_lines_is_enough(fake: FakeTMDB, manager: SessionManager) -> None:
    """It opens a session that is used and gone behind its block, as any of ours."""
    async with manager.session(PasswordLogin("ada", "secret")) as ada:
        assert await ada.get("/3/account")
        assert fake.sessions == {ada.id}
    assert not fake.sessions
    assert manager.stats().opened == manager.stats().closed == 1


@KINDS
async def test_a_session_value_needs_no_more_than_sign(
    fake: FakeTMDB, manager: SessionManager, kind: type[Restless]
) -> None:
    """What has no id, no token and no end is used and closed by its strategy."""
    async with manager.session(kind()) as session:
        assert await session.get("/3/account")
        assert (session.id, session.access_token, session.account_id, session.expires_at) == (None, None, None, None)
        assert len(fake.sessions) == 1
    assert not fake.sessions


@KINDS
@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, TimeoutError, LoginRefused])
async def test_what_was_made_before_a_strategy_failed_is_closed(
    fake: FakeTMDB, manager: SessionManager, kind: type[Restless], error: type[Exception]
) -> None:
    """The strategy's own error reaches the caller as it is, and the half-made session is deleted."""
    with pytest.raises(error) as caught:
        async with manager.session(kind(fails=error)):
            pass
    assert type(caught.value) is error
    assert not fake.sessions


@KINDS
async def test_a_close_that_fails_in_its_own_way_is_tried_again(
    fake: FakeTMDB, manager: SessionManager, kind: type[Restless]
) -> None:
    """Whatever a strategy's close raises says nothing to the block, and is repeated."""
    strategy = kind(close_fails=[ValueError("own"), KeyError("own")])
    async with manager.session(strategy):
        pass
    assert not strategy.close_fails
    assert not fake.sessions


async def test_what_only_promises_to_ask_plainly_is_told_so(fake: FakeTMDB, manager: SessionManager) -> None:
    """A call that breaks the promise is not sent: a cancel could lose what it makes."""
    with pytest.raises(NotConfigured, match="asks plainly"):
        async with manager.session(Breaks()):
            pass
    assert not fake.requests


async def test_what_needs_nobody_is_opened_anew(fake: FakeTMDB, manager: SessionManager) -> None:
    """A kept session that the service forgot is opened again, and the request repeated; one with a person is not."""
    for strategy, opened in ((PasswordLogin("ada", "secret"), True), (Shy(), False)):
        session = await manager.login(strategy, name=type(strategy).__name__)
        await manager.ask(tmdb.delete_session(*fake.sessions))
        if opened:
            assert await session.get("/3/account")
        else:
            with pytest.raises(PermissionDenied):
                await session.get("/3/account")
        await manager.logout(type(strategy).__name__)


async def test_a_lost_answer_is_told_to_the_strategy(fake: FakeTMDB, manager: SessionManager) -> None:
    """A stranger's strategy sees the same errors as ours, and the same is repeated for it."""
    fake.fail("reset", path="/3/authentication/token/new")
    fake.fail("lost answer", path=CREATE)
    with pytest.raises(NoAnswer) as caught:
        async with manager.session(PasswordLogin("ada", "secret")):
            pass
    assert caught.value.may_have_created
    assert [request.path for request in fake.requests].count(CREATE) == 1
    assert manager.stats().possibly_lost == 1


@attrs.frozen
class Robot:
    """An approval by somebody who presses the button at the service."""

    fake: FakeTMDB

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Fetch a token, press the button, exchange the token."""
        token = await flow.fetch(ask, None)
        self.fake.approve(token.request_token)
        return await ask(flow.exchange(token.request_token))


async def test_an_approval_of_ones_own_serves_both_logins(fake: FakeTMDB, manager: SessionManager) -> None:
    """The same few lines approve a v3 and a v4 login."""
    robot: Approval = Robot(fake)
    logins: list[Strategy[tmdb.UserSession] | Strategy[tmdb.AccessTokenSession]] = [
        RequestTokenLogin(robot),
        V4Login(robot),
    ]
    for login in logins:
        async with manager.session(login) as session:
            assert await session.get("/3/account")
            assert len(fake.sessions | fake.access_tokens) == 1
        assert not fake.sessions | fake.access_tokens
    assert DELETE in [request.path for request in fake.requests]
