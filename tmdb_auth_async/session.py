"""The session a caller holds: it signs requests until it is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from .closing import refuse
from .filling import filled
from .origin import checked_call
from .ports import Ask, Durable, Strategy
from .sealed import Sealed
from .unsendable import MISTAKES, unaskable, unsendable
from .values import JSON, MAX_BYTES, Call, Request, Scalar, SessionValue
from .verbs import Verbs
from .wire import Middleware, signing_middleware

T = TypeVar("T")

_CLOSED = "this session is closed: its block is over or it was logged out; open a new one"


class Home(Protocol):
    """What a session needs of the manager it came from."""

    @property
    def url(self) -> str:
        """Where the service lives."""
        ...

    def ask_as(self, session: Session, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Put *call*, signed by *session*."""
        ...

    async def sign_as(self, session: Session, request: Request, /) -> Request:
        """Return *request* signed by *session* and, where that is not enough, by the app."""
        ...

    def doubt(self, session: Session, request: Request, /) -> None:
        """Take notice that *request*, signed by *session*, was refused by a 401."""
        ...

    def end(self, session: Session, /) -> Coroutine[Any, Any, None]:
        """Close *session* and wait for it; what goes wrong meanwhile is the manager's."""
        ...


class Session(Verbs, Sealed):
    """An open session: use it, and it is closed by its block, its manager or its `close`.

    Made by a manager, never by hand. Its repr shows no id; a copy of it is itself, and it is not pickled.
    """

    __slots__ = ("__weakref__", "_account_id", "_id", "closed", "closing", "home", "rows", "strategy", "value")

    def __init__(
        self, home: Home, value: SessionValue, *, strategy: Strategy[Any] | None = None, rows: tuple[str, ...] = ()
    ) -> None:
        """Hold *value*, opened by *strategy* and journalled under *rows*."""
        self.home = home
        self.go_on_with(value)
        self.strategy = strategy
        self.rows = rows
        self.closed = False
        self.closing: asyncio.Task[bool] | None = None

    def __repr__(self) -> str:
        """Tell the kind of session and whether it is closed."""
        return f"<{type(self).__name__} {type(self.value).__name__} {'closed' if self.closed else 'open'}>"

    @property
    def id(self) -> str | None:
        """The service's id of this session (v3, guest or ZITADEL); `None` for a bare bearer."""
        return getattr(self.value, "id", None)

    @property
    def access_token(self) -> str | None:
        """The user's v4 access token, if the session has one."""
        return getattr(self.value, "access_token", None)

    @property
    def account_id(self) -> str | None:
        """TMDB's v4 account object id, if the session has one."""
        return getattr(self.value, "account_id", None)

    @property
    def expires_at(self) -> datetime | None:
        """When the session ends by itself, aware UTC; `None` when it does not, or does not say."""
        return getattr(self.value, "expires_at", None)

    @property
    def middleware(self) -> Middleware:
        """An aiohttp client middleware that signs requests of your own `ClientSession`.

        It signs requests to this service's origin only; others pass untouched. It
        raises `SessionClosed` once the session is closed. Where a 401 comes, which is
        yours to read, a kept session is looked at before it is used again, by a GET of the
        same path: if it is over, it is then opened anew as for its own requests.
        """
        return signing_middleware(self.home.url, self._signed, self._doubt)

    def end_by(self, ask: Ask) -> Awaitable[None]:
        """End the session at the service: by its strategy, or by the value itself where there is none."""
        if self.strategy is None:
            return cast("Durable", self.value).close(ask)
        return self.strategy.close(ask, self.value)

    def go_on_with(self, value: SessionValue) -> None:
        """Sign with *value* from now on."""
        self.value = value
        self._id: str | None = getattr(value, "id", None)
        self._account_id: str | None = getattr(value, "account_id", None)

    async def ask(self, call: Call[T]) -> T:
        """Put *call* signed by this session; the answer has the call's own type."""
        if self.closed:
            await refuse(_CLOSED)
        try:
            return await self.home.ask_as(self, call)
        except MISTAKES as error:
            failure = unaskable(call) or error
        raise failure

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Scalar] | None = None,
        json: JSON = None,
        max_bytes: int = MAX_BYTES,
    ) -> JSON:
        """Send a request signed by this session and return the decoded JSON, `None` where there is no body.

        *path* may hold `{session_id}`, `{guest_session_id}` or `{account_id}`, which the
        session fills in. An answer longer than *max_bytes* bytes is `Unreadable`.
        Raises `SessionClosed`, `NotConfigured` for a path that could leave the service,
        `Refused` and `NoAnswer`.
        """
        if self.closed:
            await refuse(_CLOSED)
        try:
            call = checked_call(method, path, params=params, json=json, max_bytes=max_bytes)
            if "{" in path or self._is_named_in(path):
                call = call.sending(filled(call.request, self.value))
            return await self.home.ask_as(self, call)
        except MISTAKES as error:
            failure = unsendable(method, path, params=params, json=json) or error
        raise failure

    async def close(self) -> None:
        """Delete the session at the service, whatever cancels come meanwhile; twice is fine."""
        await self.home.end(self)

    def _is_named_in(self, path: str) -> bool:
        return (self._id is not None and self._id in path) or (
            self._account_id is not None and self._account_id in path
        )

    async def _signed(self, request: Request) -> Request:
        if self.closed:
            await refuse(_CLOSED)
        return await self.home.sign_as(self, request)

    def _doubt(self, request: Request) -> None:
        self.home.doubt(self, request)
