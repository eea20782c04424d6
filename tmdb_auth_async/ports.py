"""The seams: what a stranger's strategy, approval, store or credential must look like."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

import attrs

from .values import JSON, Call, Request, SessionValue

T = TypeVar("T")
S = TypeVar("S", bound=SessionValue)


class Ask(Protocol):
    """Put a call to the service: `await ask(call)` is what the call's answer is read into."""

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Send *call*; raises `Refused` when the service says no, `NoAnswer` when it says nothing."""
        ...

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website, for a human to open."""
        ...


class Strategy(Protocol[S]):
    """A way to open a session and to close it.

    A class attribute `needs_human = True` says that opening waits for a person, so that
    a session is never opened anew behind the program's back. One `asks_plainly = True` says
    that both methods await what they ask in the task they are called in, with no time limit
    of their own around it, and that `open` asks nothing but what may be repeated and what
    creates a session by a call with `opens`. They then run in the task of whoever opens or
    leaves the session, and not in one of the manager's; a close that is cancelled there is
    called again. Opening raises `NotConfigured` for a call that breaks the promise.
    """

    async def open(self, ask: Ask, /) -> S:
        """Open a session; what calls with `opens` made halfway is closed by the manager.

        So is, once it is open, what they made and the returned value does not hold: what
        belongs to the session has its id, or its access token, somewhere in that value.
        """
        ...

    async def close(self, ask: Ask, session: S, /) -> None:
        """End the session at the service; may be called again after it failed."""
        ...


class AppCredential(Protocol):
    """What signs every request of the program."""

    def sign(self, request: Request, /) -> Request:
        """Return *request* with the credential on it; raises `NotConfigured` where it cannot serve."""
        ...


@runtime_checkable
class FetchedCredential(Protocol):
    """An app credential that must first be fetched, and again before it ends."""

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Ask the service at *url* for a fresh credential; `ask` sends unsigned here."""
        ...


@attrs.frozen
class Fetched:
    """A credential that was fetched and the seconds it lives."""

    credential: AppCredential
    lifetime_s: float


class Durable(SessionValue, Protocol):
    """The hook of a session value that can be kept, and closed after a crash.

    The class is found again by its module and name, in a program that has imported it.
    A class attribute `ends_by_itself = True` says that there is nothing to close.
    """

    def dump(self) -> Mapping[str, JSON]:
        """Return everything needed to make this value again."""
        ...

    @classmethod
    def load(cls, data: Mapping[str, JSON], /) -> Self:
        """Make the value again; raises `ValueError` or `KeyError` on data it does not know."""
        ...

    async def close(self, ask: Ask, /) -> None:
        """End the session at the service, with no strategy at hand."""
        ...


class HalfLogin(Protocol):
    """The second half of a web login: what beginning it leaves behind, to be completed in any process.

    The class is found again by its module and name, in a program that has imported it.
    """

    def dump(self) -> Mapping[str, JSON]:
        """Return everything needed to make this value again."""
        ...

    @classmethod
    def load(cls, data: Mapping[str, JSON], /) -> Self:
        """Make the value again; raises `ValueError` or `KeyError` on data it does not know."""
        ...

    async def complete(self, ask: Ask, query: Mapping[str, str], /) -> SessionValue:
        """Open the session, if the callback's *query* is this login's; else refuse before anything is sent.

        Its value must bring `close(ask)`: no strategy is at hand to close it.
        """
        ...


class SessionStore(Protocol):
    """Where kept sessions and the journal of open ones live, as texts under keys.

    `durable` says that it outlives the process. Every method raises an `AuthError`
    when the store cannot be used: `NotConfigured` when it cannot work as it is set up,
    which whoever enters a manager or opens a session is told; any other when it is away
    for a while, which is logged. What it keeps it keeps until it is told to delete it:
    under a name with nothing in a durable store, managers take a session for logged out,
    and do not open it anew. A store that must not be without a journal has an
    attribute `must_journal = True`: a session that cannot be written is then closed and
    the error raised, whichever it is.
    """

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives the process."""
        ...

    async def load(self, name: str, /) -> str | None:
        """Return what is kept under *name*, or `None`."""
        ...

    async def save(self, name: str, text: str, /, *keys: str) -> None:
        """Keep *text* under *name*, in place of what was there, and in the same step forget the entries *keys*."""
        ...

    async def delete(self, name: str, /) -> None:
        """Forget what is kept under *name*, if anything is."""
        ...

    async def names(self) -> tuple[str, ...]:
        """Return the names under which something is kept, sorted."""
        ...

    def hold(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Be the only holder of *name* among all who share this store; a dead holder loses it."""
        ...

    async def record(self, key: str, text: str, /) -> None:
        """Write into the journal that the session in *text* is open and this process its owner."""
        ...

    async def forget(self, *keys: str) -> None:
        """Take those journal entries out: their sessions are closed."""
        ...

    async def abandon(self, *keys: str) -> None:
        """Leave those journal entries without an owner: their sessions are open, and anybody's to recover."""
        ...

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Become the owner of entries under *prefix* whose owner is dead; return them as (key, text), oldest first."""
        ...

    async def aclose(self) -> None:
        """Release what the store holds; twice is fine."""
        ...
