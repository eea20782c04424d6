"""A stranger's classes fit the seams, as type checkers see it: no base class anywhere."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import ClassVar, Self, TypeVar, assert_type

import attrs

from tmdb_auth_async import (
    JSON,
    AppCredential,
    Approval,
    Ask,
    Call,
    Request,
    RequestTokenLogin,
    SessionManager,
    SessionStore,
    Strategy,
    V4Login,
    tmdb,
)
from tmdb_auth_async.ports import Durable
from tmdb_auth_async.tmdb.flow import Flow

T = TypeVar("T")


@attrs.frozen
class Credential:
    """An app credential."""

    key: str

    def sign(self, request: Request, /) -> Request:
        """Sign by a parameter."""
        return request.with_param("key", self.key)


@attrs.frozen
class Value:
    """A session value that can be kept."""

    key: str

    def sign(self, request: Request, /) -> Request:
        """Sign by a header."""
        return request.authorized(f"Bearer {self.key}")

    def dump(self) -> Mapping[str, JSON]:
        """Dump the key."""
        return {"key": self.key}

    @classmethod
    def load(cls, data: Mapping[str, JSON]) -> Self:
        """Load the key."""
        return cls(str(data["key"]))

    async def close(self, ask: Ask) -> None:
        """Close by a call."""
        await ask(tmdb.delete_session(self.key))


@attrs.frozen
class Login:
    """A strategy that asks a person."""

    needs_human: ClassVar[bool] = True

    name: str

    async def open(self, ask: Ask) -> Value:
        """Open by calls, each of which has its answer's type."""
        token = await ask(tmdb.create_request_token())
        assert_type(token, tmdb.RequestToken)
        made = await ask(tmdb.create_session(token.request_token))
        assert_type(made, tmdb.CreatedSession)
        return Value(made.session_id)

    async def close(self, ask: Ask, session: Value) -> None:
        """Close by a call."""
        assert_type(await ask(tmdb.delete_session(session.key)), tmdb.Acknowledged)


class Pressed:
    """An approval."""

    async def approve(self, ask: Ask, flow: Flow[T]) -> T:
        """Fetch and exchange, as if somebody pressed the button meanwhile."""
        token = await flow.fetch(ask, None)
        return await ask(flow.exchange(token.request_token))


class Store:
    """A store that forgets everything."""

    durable = False

    async def load(self, name: str) -> str | None:
        """Know nothing."""
        return None

    async def save(self, name: str, text: str, *keys: str) -> None:
        """Keep nothing."""

    async def delete(self, name: str) -> None:
        """Forget nothing."""

    async def names(self) -> tuple[str, ...]:
        """List nothing."""
        return ()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncGenerator[None]:
        """Hold nothing."""
        yield

    async def record(self, key: str, text: str) -> None:
        """Write nothing."""

    async def forget(self, *keys: str) -> None:
        """Forget nothing."""

    async def abandon(self, *keys: str) -> None:
        """Abandon nothing."""

    async def claim_orphans(self, prefix: str) -> tuple[tuple[str, str], ...]:
        """Find nothing."""
        return ()

    async def aclose(self) -> None:
        """Release nothing."""


class Recorder:
    """An `Ask` of a test's own."""

    def __init__(self, ask: Ask) -> None:
        """Ask by way of *ask*."""
        self.ask = ask

    def page(self, path: str, params: Mapping[str, str]) -> str:
        """Give a page."""
        return self.ask.page(path, params)

    async def __call__(self, call: Call[T]) -> T:
        """Ask."""
        return await self.ask(call)


async def fits() -> None:
    """Each of them is taken where ours are."""
    app: AppCredential = Credential("k")
    strategy: Strategy[Value] = Login("ada")
    approval: Approval = Pressed()
    store: SessionStore = Store()
    durable: Durable = Value("k")
    async with SessionManager(app, store=store) as manager:
        for login in (strategy, RequestTokenLogin(approval), V4Login(Pressed())):
            async with manager.session(login) as session:
                await session.get("/3/account")
        await manager.login(Login("ada"))
    assert_type(durable.dump(), Mapping[str, JSON])


async def asks(ask: Ask) -> None:
    """A stranger's `Ask` stands in for ours, and keeps the types."""
    recorder: Ask = Recorder(ask)
    assert_type(await recorder(tmdb.create_session("t")), tmdb.CreatedSession)
