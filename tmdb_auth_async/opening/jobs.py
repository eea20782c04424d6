"""What is opened, and for whom: a session, or the answer to a call that makes one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Generic, Protocol, TypeVar

from ..options import check_session
from ..ports import Ask, Strategy
from ..session import Session
from ..values import Call, SessionValue

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D")


class Job(Protocol[R, D]):
    """What is opened, and for whom."""

    @property
    def asks_plainly(self) -> bool:
        """Whether the work awaits what it asks in the task it runs in, with no time limit of its own around it."""
        ...

    def work(self, ask: Ask, /) -> Awaitable[R]:
        """Open it."""
        ...

    def deliver(self, result: R, rows: tuple[str, ...], /) -> D:
        """Return what the caller gets for what the work made, journalled under *rows*."""
        ...

    def take_back(self, delivered: D, /) -> None:
        """Close what was delivered and not taken."""
        ...

    def discard(self, result: R, rows: tuple[str, ...], /) -> None:
        """Close what the work made, journalled under *rows*, for which nobody waits any more."""
        ...

    def fail(self) -> None:
        """Take notice that nothing is delivered."""
        ...


class Holds(Protocol):
    """What holds the sessions that are opened."""

    def adopt(self, value: SessionValue, *, strategy: Strategy[Any] | None, rows: tuple[str, ...]) -> Session:
        """Hold *value* as an open session."""
        ...

    def start_close(self, session: Session) -> asyncio.Task[bool] | None:
        """Begin to close *session*."""
        ...


class Opens(Protocol):
    """What opens a session: a strategy, or the second half of a web login."""

    def open(self, ask: Ask, /) -> Awaitable[SessionValue]:
        """Open it."""
        ...


class SessionJob:
    """Open a session, held by *holds* and closed by *strategy*, or by its own value without one."""

    __slots__ = ("_holds", "_opens", "_strategy")

    def __init__(self, holds: Holds, opens: Opens, strategy: Strategy[Any] | None) -> None:
        """Open by *opens*."""
        self._holds = holds
        self._opens = opens
        self._strategy = strategy

    @property
    def asks_plainly(self) -> bool:
        """Whether what opens says so of itself."""
        return getattr(self._opens, "asks_plainly", False)

    def work(self, ask: Ask) -> Awaitable[SessionValue]:
        """Open it."""
        return self._opens.open(ask)

    def deliver(self, value: SessionValue, rows: tuple[str, ...]) -> Session:
        """Return the session that *value* is; raises `NotConfigured` where it is none."""
        check_session(value)
        return self._holds.adopt(value, strategy=self._strategy, rows=rows)

    def take_back(self, session: Session) -> None:
        """Close what was delivered and not taken."""
        self._holds.start_close(session)

    def discard(self, value: SessionValue, rows: tuple[str, ...]) -> None:
        """Close what came too late."""
        self.take_back(self.deliver(value, rows))

    def fail(self) -> None:
        """Do nothing: whoever waits hears of it."""


class CallJob(Generic[T]):
    """Put a call whose answer makes a session: it is the caller's alone, once it is delivered."""

    __slots__ = ("_call", "_holds")

    def __init__(self, holds: Holds, call: Call[T]) -> None:
        """Put *call*."""
        self._holds = holds
        self._call = call

    @property
    def asks_plainly(self) -> bool:
        """Whether the call makes a session for sure; it is all that is asked."""
        return self._call.request.creates

    def work(self, ask: Ask) -> Awaitable[T]:
        """Put it."""
        return ask(self._call)

    def deliver(self, answer: T, rows: tuple[str, ...]) -> T:
        """Return the answer as it is."""
        del rows
        return answer

    def take_back(self, answer: T) -> None:
        """Close what was delivered and not taken."""
        if self._call.opens is not None:
            self._holds.start_close(self._holds.adopt(self._call.opens(answer), strategy=None, rows=()))

    def discard(self, answer: T, rows: tuple[str, ...]) -> None:
        """Close what came too late."""
        self.take_back(self.deliver(answer, rows))

    def fail(self) -> None:
        """Do nothing: whoever waits hears of it."""
