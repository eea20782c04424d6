"""The session manager: opens sessions, hands them out, and leaves none behind."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .defaults import SERVICE
from .ending import Ending
from .errors import NotConfigured
from .options import check_name, check_strategy
from .origin import checked_call
from .parts import Parts
from .ports import AppCredential, FetchedCredential, SessionStore, Strategy
from .scope import Scope
from .service import Service, say
from .session import Session
from .signals import unwatch, watch
from .unsendable import MISTAKES, unaskable, unsendable
from .values import JSON, MAX_BYTES, Call, Scalar
from .verbs import Verbs
from .wire import Client

if TYPE_CHECKING:
    from .pending import Pending
    from .stats import Stats
    from .webflow import Query

T = TypeVar("T")


class SessionManager(Verbs):
    """Opens sessions at one service for one program, uses them, and leaves none behind.

    *app* signs the program's own requests. *service* is TMDB unless given. *store* keeps
    sessions and the journal; without one they live in memory. *client* is a borrowed
    `aiohttp.ClientSession`, never closed here. *timeout_s* bounds one request with its
    retries, in seconds; *close_timeout_s* the wait for a close, and the end of the
    manager. *retries* counts the tries after the first of requests that are safe to
    repeat. *max_rate* is in requests a second. *ready* is how many unused request tokens
    are kept at hand, so that a login costs a round trip less. Raises `NotConfigured` for what cannot work.
    """

    def __init__(  # the settings of section "SessionManager" in the README, all but one optional
        self,
        app: AppCredential | FetchedCredential,
        *,
        service: Service = SERVICE,
        store: SessionStore | None = None,
        client: Client | None = None,
        timeout_s: float = 30.0,
        close_timeout_s: float = 10.0,
        retries: int = 3,
        max_rate: float | None = None,
        ready: int = 0,
    ) -> None:
        """Put the parts together; nothing is sent, opened or started yet."""
        self._parts = Parts(
            app,
            service=service,
            store=store,
            client=client,
            timeout_s=timeout_s,
            close_timeout_s=close_timeout_s,
            retries=retries,
            max_rate=max_rate,
            ready=ready,
        )
        self._ending = Ending(self._parts.aclose, timeout_s=2 * close_timeout_s)

    async def __aenter__(self) -> Self:
        """Close what a crashed process left open, when the store is durable.

        Until the manager ends, a SIGTERM that the program does not handle waits for it.
        Raises `NotConfigured` for a store that cannot work; one that is away is logged.
        """
        self._parts.desk.check_open()
        watch(self)
        try:
            self._parts.pool.fill()
            await self._parts.recovery.run_quietly()
        except BaseException:  # a block that is not entered is not left either
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close every session, newest first, and the connections."""
        await self.aclose()

    def session(self, strategy: Strategy[Any], *, wait_closed: bool = True) -> Scope:
        """Return a scoped session: `async with` opens it and deletes it on exit, whatever happens.

        Entering raises what the strategy raises. With `wait_closed=False` the exit does
        not wait for the delete; the manager does.
        """
        check_strategy(strategy)
        return Scope(self._parts.desk, strategy, wait=wait_closed)

    async def login(self, strategy: Strategy[Any], *, name: str = "default") -> Session:
        """Return the session kept under *name* if it still lives, else open one by *strategy* and keep it.

        However many callers wait for a name, one session is opened; all get it, or the
        opener's error. It stays until `logout`, in a memory store until the manager ends.
        """
        return await self._parts.keeping.login(strategy, name)

    async def resume(self, name: str = "default") -> Session:
        """Return the session kept under *name*; raises `NotLoggedIn` when there is none."""
        return await self._parts.keeping.resume(name)

    async def logout(self, name: str = "default") -> None:
        """Delete the session kept under *name* at the service and forget it; raises `NotLoggedIn`.

        Handles given out before raise `SessionClosed` from then on.
        """
        await self._parts.keeping.logout(name)

    async def begin(self, strategy: Strategy[Any]) -> Pending:
        """Begin a web login: send the user to the result's `url`, and `complete` it when they come back.

        Takes `RequestTokenLogin`, `V4Login` or `V4Conversion` with `Redirect(url)`; raises
        `NotConfigured` for anything else, before anything is sent.
        """
        return await self._parts.web.begin(strategy)

    async def complete(self, pending: Pending, query: Query, *, name: str | None = None) -> Session:
        """Complete a web login with the *query* its callback was called with, and keep the session under *name*.

        Without a name it lives until its `close` or the manager's end. Raises
        `RequestTokenInvalid` when the callback is another login's or the login is
        completed already, `ApprovalDenied` for a no, `NotApproved` without a yes.
        """
        keep = None
        if name is not None:
            check_name(name)
            keep = partial(self._parts.keeping.keep, name)
        return await self._parts.web.complete(pending, query, keep=keep)

    async def names(self) -> tuple[str, ...]:
        """Return the names under which a session is kept, sorted."""
        return await self._parts.keeping.names()

    async def ask(self, call: Call[T]) -> T:
        """Put *call*, signed by the app credential; the answer has the call's own type.

        Raises `Refused` and `NoAnswer`. What it creates is yours to delete.
        """
        try:
            return await self._parts.desk.ask(call)
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
        """Send a request signed by the app credential and return the decoded JSON, `None` where there is no body.

        Raises `NotConfigured` for a path that could leave the service, `Refused` and
        `NoAnswer`. An answer longer than *max_bytes* bytes is `Unreadable`.
        """
        try:
            call = checked_call(method, path, params=params, json=json, max_bytes=max_bytes)
            if "{" not in call.request.path:
                return await self._parts.desk.ask(call)
            failure: Exception = NotConfigured(
                f"{say(call.request)}: only a session fills in ids; ask by a session, or write the id into the path"
            )
        except MISTAKES as error:
            failure = unsendable(method, path, params=params, json=json) or error
        raise failure

    async def recover(self) -> int:
        """Close what dead processes left open at the service; return how many sessions that were.

        Waits no longer than `close_timeout_s`; what takes longer goes on and is not
        counted yet. Raises an `AuthError` when the store cannot be read.
        """
        self._parts.desk.check_open()
        return await self._parts.recovery.run()

    def stats(self) -> Stats:
        """Return the counts: opened, closed, open now, retried, possibly lost, recovered."""
        return self._parts.tally.stats()

    async def aclose(self) -> None:
        """Close every session, newest first, and the connections; twice is fine.

        Takes at most `close_timeout_s` seconds, through any number of cancels, and logs
        how many sessions stay open; a store that does not answer may make it twice that.
        """
        cancel = await self._ending.wait()
        unwatch(self)
        if cancel is not None:
            raise cancel

    def __del__(self) -> None:
        """Warn of a manager that was used and never closed."""
        ending: Ending | None = getattr(self, "_ending", None)
        if ending is not None and not ending.has_begun and self._parts.tally.open_now:
            warnings.warn(
                f"a SessionManager was never closed, {self._parts.tally.open_now} sessions stay open: use `async with`",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )
