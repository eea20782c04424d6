"""A kept session and its name: where its requests go, so that it can be opened anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from ..errors import AccountUnavailable, LoginRefused, NotLoggedIn, Refused
from ..ports import Strategy
from ..records import to_text
from ..session import Session
from ..values import Call, Request, SessionValue
from .denied import Denied
from .ends import believed_end, is_over, stale_from

T = TypeVar("T")

_REFUSED = datetime.min.replace(tzinfo=UTC)
"""The end of what the service refuses: long past, so that one comparison tells what is not to be used any more."""


class Renews(Protocol):
    """What uses a kept session, opened anew if it is over."""

    def ask(self, kept: Kept, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Put *call*, signed by the kept session."""
        ...

    async def sign(self, kept: Kept, request: Request, /) -> Request:
        """Return *request* signed by the kept session."""
        ...


class Kept:
    """The home of a kept session: it stands between the session and the desk."""

    __slots__ = (
        "_end",
        "_logout",
        "_renewal",
        "_why",
        "denied",
        "doubted",
        "name",
        "opened",
        "session",
        "stale_at",
        "strategy",
        "url",
    )

    def __init__(
        self,
        name: str,
        session: Session,
        *,
        strategy: Strategy[Any] | None,
        renewal: Renews,
        logout: Callable[[str], Awaitable[None]],
        url: str,
    ) -> None:
        """Keep *session* under *name*; *renewal* opens it anew by *strategy*, and to close it is to *logout*."""
        self._renewal = renewal
        self._logout = logout
        self.name = name
        self.session = session
        self.strategy = strategy
        self.url = url
        self.stale_at: datetime | None = None
        self._believe(session.value)
        self.denied = Denied()
        self.opened: SessionValue | None = None
        """What was opened here in place of one that was over, not by another manager."""
        self.doubted: str | None = None
        """The path of a request that it signed, by its middleware, and that was refused: it may be over."""
        self._why: Callable[[], Refused] | None = None
        session.home = self

    @property
    def reopens(self) -> bool:
        """Whether it can be opened anew with nobody asked."""
        return self.strategy is not None and not getattr(self.strategy, "needs_human", False)

    @property
    def is_stale(self) -> bool:
        """Whether it is refused, or ends so soon that it is not used any more."""
        return self.stale_at is not None and datetime.now(UTC) >= self.stale_at

    @property
    def is_refused(self) -> bool:
        """Whether the service said last that it is over."""
        return self.stale_at is _REFUSED

    @property
    def is_over(self) -> bool:
        """Whether it is refused, or has ended by itself."""
        return self.is_refused or (self._end is not None and self._end <= datetime.now(UTC))

    def go_on_with(self, value: SessionValue) -> None:
        """Use *value* in place of the one that ended; everybody's handle stays."""
        self.session.go_on_with(value)
        self.doubted = None
        self._believe(value)

    def refuse(self) -> None:
        """Take notice that the service says it is over, and that nobody could do anything about it."""
        self.stale_at = _REFUSED

    def give_up(self, error: LoginRefused | AccountUnavailable) -> None:
        """Take notice that its strategy is refused with *error*: to try again and again would lock the account."""
        kind = LoginRefused if isinstance(error, LoginRefused) else AccountUnavailable
        message = f"{error.message}; only manager.login(strategy) tries again"
        self._why = partial(kind, message, status=error.status, code=error.code)
        self.strategy = None
        self.refuse()

    def explained(self, refusal: Refused) -> Refused:
        """Return what to raise for *refusal*: why it cannot be opened anew, where a login has told."""
        return refusal if self._why is None or self.strategy is not None else self._why()

    def relent(self) -> None:
        """Take notice that the service honours it after all."""
        self._believe(self.session.value)

    def catch_up(self, stored: SessionValue | None) -> bool:
        """Go on with *stored*, if another manager has put it there and it is not over; say whether that is so."""
        if stored is None or (is_over(stored) and not self._doubts_ends):
            return False
        if to_text(stored) == to_text(self.session.value):
            return False
        self.go_on_with(stored)
        self.session.strategy = None
        return True

    def trade(self, fresh: Session, strategy: Strategy[Any]) -> None:
        """Use what *fresh* has, opened by *strategy*, and leave it what ended, to be closed as that was to be."""
        ended, closing = self.session.value, self.session.strategy
        self.go_on_with(fresh.value)
        self.opened = fresh.value
        self.strategy = self.session.strategy = strategy
        fresh.go_on_with(ended)
        fresh.strategy = closing

    def ask_as(self, session: Session, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Put *call*, signed by the kept session."""
        del session
        return self._renewal.ask(self, call)

    async def sign_as(self, session: Session, request: Request, /) -> Request:
        """Return *request* signed by the kept session."""
        del session
        return await self._renewal.sign(self, request)

    def doubt(self, session: Session, request: Request, /) -> None:
        """Take notice that *request* was refused, which may mean that the session is over."""
        del session
        self.doubted = request.path

    async def end(self, session: Session, /) -> None:
        """Log out: closing a kept session forgets it too; twice is fine, at once as well."""
        if not session.closed:
            with suppress(NotLoggedIn):
                await self._logout(self.name)

    @property
    def _doubts_ends(self) -> bool:
        """Whether the one that it has was past its end from the beginning, as others will be."""
        return self._end is None and self.session.expires_at is not None

    def _believe(self, value: SessionValue) -> None:
        self._end = believed_end(value)
        self.stale_at = stale_from(self._end)
