"""Approvals where something is missing: a port, a name, an end, a patient caller."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import aiohttp
import attrs
import pytest

from tmdb_auth_async import (
    JSON,
    TMDB,
    Ask,
    BearerToken,
    Browser,
    NotApproved,
    NotAttempted,
    NotConfigured,
    Password,
    Pending,
    Redirect,
    Request,
    RequestTokenLogin,
    SessionManager,
    V4Conversion,
)
from tmdb_auth_async.stores import MemoryStore
from tmdb_auth_async.tmdb import ConvertedSession
from tmdb_auth_async.tmdb.flow import V4

from .people import callback, tmdb_and_ada


async def test_no_port_is_not_attempted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this machine has no port to give, nothing is sent and no browser opened."""
    opened: list[str] = []
    async with tmdb_and_ada() as (fake, manager):

        def bind(self: socket.socket, address: object) -> None:
            raise OSError

        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "bind", bind)
            with pytest.raises(NotAttempted, match="no port") as caught:
                await manager.login(RequestTokenLogin(Browser(open_url=opened.append)))
        assert caught.value.__context__ is None
        assert not fake.requests
    assert not opened


async def test_a_yes_that_tmdb_does_not_know_is_told_as_it_is() -> None:
    """A callback that says yes while the service says no is no denial by the user."""
    async with tmdb_and_ada() as (fake, manager):

        async def open_url(url: str) -> None:
            back = await callback(url)
            fake.advance(seconds=3601)
            async with aiohttp.ClientSession() as client, client.get(back) as response:
                assert "The login did not work" in await response.text()

        with pytest.raises(NotApproved) as caught:
            await manager.login(RequestTokenLogin(Browser(open_url=open_url)))
        assert type(caught.value) is NotApproved
        assert caught.value.code == 17


async def test_what_opens_the_browser_may_need_time_to_stop() -> None:
    """A cancelled login waits for a coroutine that cleans up, through another cancel too, and is then cancelled."""
    events: list[str] = []
    waiting, cleaning, cleaned = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def open_url(_: str) -> None:
        try:
            waiting.set()
            await asyncio.Event().wait()
        finally:
            cleaning.set()
            await cleaned.wait()
            events.append("clean")

    class Asks:
        async def __call__(self, call: Any) -> Any:
            return call.answer("t" * 40, datetime.now(UTC) + timedelta(hours=1))

        def page(self, path: str, params: Mapping[str, str]) -> str:
            return path

    login = asyncio.get_running_loop().create_task(RequestTokenLogin(Browser(open_url=open_url)).open(Asks()))
    await waiting.wait()
    login.cancel()
    await cleaning.wait()
    login.cancel()
    await asyncio.sleep(0)
    assert not login.done()
    cleaned.set()
    with pytest.raises(asyncio.CancelledError):
        await login
    assert events == ["clean"]


@pytest.mark.parametrize("password", [Password("", "secret"), Password("ada", "")])
async def test_half_a_login_is_not_sent(password: Password) -> None:
    """Without a name or a password nothing is asked of TMDB."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotConfigured, match="username and a password"):
            await manager.login(RequestTokenLogin(password))
        assert not fake.requests


def _jwt(claims: object) -> str:
    return f"eyJ.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


@pytest.mark.parametrize(
    "token", ["canary", "a.!!.c", "a.AA.c", _jwt([]), _jwt({}), _jwt({"exp": "x"}), _jwt({"exp": 1e99})]
)
async def test_a_v4_token_without_an_end_has_fifteen_minutes(token: str) -> None:
    """What TMDB gives as a token need not be a JWT that we can read."""

    class Asks:
        async def __call__(self, call: Any) -> Any:
            return call.answer(token)

        def page(self, path: str, params: Mapping[str, str]) -> str:
            return f"{path}?{params}"

    fetched = await V4.fetch(Asks(), None)
    assert abs(fetched.expires_at - datetime.now(UTC) - timedelta(minutes=15)) < timedelta(seconds=5)
    assert 890 < V4.left_s(fetched) <= 900


class Unwilling(MemoryStore):
    """A store that holds no name."""

    def hold(self, name: str, /) -> Any:
        """Refuse."""
        raise NotConfigured("canary")


async def test_what_cannot_be_kept_is_closed() -> None:
    """A completed login whose name the store refuses leaves no session at TMDB."""
    async with tmdb_and_ada() as (fake, _):
        store = Unwilling()
        app = BearerToken(fake.read_access_token)
        async with SessionManager(app, service=TMDB.at(fake.url), store=store) as manager:
            pending = await manager.begin(RequestTokenLogin(Redirect("https://films.example/")))
            with pytest.raises(NotConfigured, match="canary"):
                await manager.complete(pending, await callback(pending.url), name="ada")
            assert manager.stats().opened == 1
            await fake.arrived("/3/authentication/session", method="DELETE")
        assert not fake.sessions


CLOSED: list[str] = []


@attrs.frozen
class Signs:
    """A session value of a stranger's, without a token and without the hook."""

    def sign(self, request: Request) -> Request:
        """Sign."""
        return request


@attrs.frozen
class Closes(Signs):
    """One that can be closed, and notes it."""

    async def close(self, ask: Ask, /) -> None:
        """Close."""
        CLOSED.append("closed")


@attrs.frozen
class Half:
    """A stranger's second half, which opens what has no access token, and what its query says of closing."""

    def dump(self) -> Mapping[str, JSON]:
        """Return nothing."""
        return {}

    @classmethod
    def load(cls, data: Mapping[str, JSON], /) -> Self:
        """Make it again."""
        del data
        return cls()

    async def complete(self, ask: Ask, query: Mapping[str, str], /) -> Signs:
        """Open."""
        return Closes() if "closes" in query else Signs()


@attrs.frozen
class Stranger:
    """A stranger's strategy that begins on the web."""

    async def begin(self, ask: Ask, /) -> Pending:
        """Begin."""
        return Pending("https://films.example/", datetime.now(UTC), Half())

    async def open(self, ask: Ask, /) -> Signs:
        """Open."""
        return Signs()

    async def close(self, ask: Ask, session: Signs, /) -> None:
        """Close."""


async def test_a_strangers_strategy_can_begin_on_the_web() -> None:
    """What begins, dumps and completes is all it takes; only a token can be converted."""
    async with tmdb_and_ada() as (_, manager):
        pending = Pending.load((await manager.begin(Stranger())).dump())
        with pytest.raises(NotConfigured, match=r"close\(ask\)"):
            await manager.complete(pending, {})
        session = await manager.complete(pending, "closes=yes")
        assert session.id is None
        await session.close()
        converting = await manager.begin(V4Conversion(Stranger()))
        with pytest.raises(NotConfigured, match="access token"):
            await manager.complete(converting, "closes=yes")
    assert CLOSED == ["closed", "closed"]


async def test_a_conversion_of_a_strangers_session_closes_without_it() -> None:
    """Recovered with no strategy at hand, the session is deleted; what has no hook is left alone."""
    asked: list[str] = []

    class Asks:
        async def __call__(self, call: Any) -> Any:
            asked.append(call.request.path)

        def page(self, path: str, params: Mapping[str, str]) -> str:
            return path

    await ConvertedSession("id", "token", None, Signs()).close(Asks())
    assert asked == ["/3/authentication/session"]
