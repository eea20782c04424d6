"""A state machine over one manager: after each step the service's live sessions are exactly those the program holds."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    LoginRefused,
    NotLoggedIn,
    Password,
    RequestTokenLogin,
    Session,
    SessionClosed,
    SessionManager,
)
from tmdb_auth_async.scope import Scope
from tmdb_auth_async.testing import FakeTMDB

T = TypeVar("T")

LOGIN = RequestTokenLogin(Password("ada", "secret"))
WRONG = RequestTokenLogin(Password("ada", "wrong"))
NAMES = st.sampled_from(["default", "other"])


def _is_the_managers(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "__qualname__", "").startswith(("Opening.", "Creation.", "Closer."))


class ManagerMachine(RuleBasedStateMachine):
    """Opens, uses, cancels, keeps, invalidates and closes, in any order."""

    def __init__(self) -> None:
        """Start a service and a manager on a loop of their own."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.fake = FakeTMDB()
        self.do(self.fake.start())
        self.fake.add_user("ada", "secret")
        self.manager = SessionManager(
            BearerToken(self.fake.read_access_token), service=TMDB.at(self.fake.url), timeout_s=5, close_timeout_s=2
        )
        self.scopes: list[tuple[Scope, Session]] = []
        self.kept: dict[str, Session] = {}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run *work* to its end, and what the manager still does after it."""

        async def settled() -> T:
            result = await work
            while owned := {task for task in asyncio.all_tasks() if _is_the_managers(task)}:
                await asyncio.wait(owned)
            return result

        return self.loop.run_until_complete(settled())

    def teardown(self) -> None:
        """End everything and find nothing left."""
        self.do(self.manager.aclose())
        assert not self.fake.sessions
        self.do(self.fake.stop())
        self.loop.close()

    @rule()
    def enter_a_scope(self) -> None:
        """Open a scoped session."""
        scope = self.manager.session(LOGIN)
        self.scopes.append((scope, self.do(scope.__aenter__())))

    @rule()
    def be_refused(self) -> None:
        """Fail to open one."""
        with pytest.raises(LoginRefused):
            self.do(self.manager.session(WRONG).__aenter__())

    @precondition(lambda self: self.scopes)
    @rule(index=st.integers(min_value=0), close_first=st.booleans())
    def leave_a_scope(self, index: int, *, close_first: bool) -> None:
        """Leave any of the scopes, perhaps after closing it by hand."""
        scope, session = self.scopes.pop(index % len(self.scopes))
        if close_first:
            self.do(session.close())
        self.do(scope.__aexit__(None, None, None))
        with pytest.raises(SessionClosed):
            self.do(session.get("/3/account"))

    @rule(ticks=st.integers(min_value=0, max_value=60), uses=st.integers(min_value=0, max_value=2))
    def cancel_a_scope(self, ticks: int, uses: int) -> None:
        """Cancel a whole scope after so many turns of the loop."""

        async def scope() -> None:
            async with self.manager.session(LOGIN) as session:
                for _ in range(uses):
                    await session.get("/3/account")

        async def cancelled() -> None:
            task = asyncio.create_task(scope())
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        self.do(cancelled())

    @rule(name=NAMES, callers=st.integers(min_value=1, max_value=5))
    def log_in(self, name: str, callers: int) -> None:
        """Log in under a name, several callers at once: all get the same session."""

        async def all_of_them() -> list[Session]:
            return await asyncio.gather(*(self.manager.login(LOGIN, name=name) for _ in range(callers)))

        sessions = self.do(all_of_them())
        assert len({id(session) for session in sessions}) == 1
        self.kept[name] = sessions[0]

    @rule(name=NAMES)
    def log_out(self, name: str) -> None:
        """Log out of a name."""
        session = self.kept.pop(name, None)
        if session is None:
            with pytest.raises(NotLoggedIn):
                self.do(self.manager.logout(name))
            return
        self.do(self.manager.logout(name))
        with pytest.raises(SessionClosed):
            self.do(session.get("/3/account"))

    @precondition(lambda self: self.kept)
    @rule()
    def lose_a_kept_session_at_the_service(self) -> None:
        """Invalidate a kept session: its next use opens it anew."""
        session = next(iter(self.kept.values()))
        assert session.id is not None
        before = session.id
        self.fake.revoke(before)
        self.do(session.get("/3/account"))
        assert session.id != before

    @invariant()
    def live_is_what_is_held(self) -> None:
        """The service knows the sessions of the open scopes and the kept ones, and no other."""
        held = {session.id for _, session in self.scopes} | {session.id for session in self.kept.values()}
        assert self.fake.sessions == held
        assert self.manager.stats().open_now == len(held)


ManagerMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def test_the_manager_holds_what_the_service_has_live() -> None:
    """No order of openings, uses, cancels, logins, losses and closes parts the program from the service."""
    run_state_machine_as_test(ManagerMachine, settings=ManagerMachine.TestCase.settings)
