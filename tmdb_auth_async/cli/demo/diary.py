"""The demo's diary: each visit to a service, written down and shown while it lasts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from ... import Session, SessionManager, Strategy
from .findings import Step, Visit
from .watch import Watch


class Shows(Protocol):
    """Who shows the demo to people."""

    def visit(self, visit: Visit, /) -> None:
        """Show that the next steps are those of *visit*."""
        ...

    def step(self, visit: Visit, step: Step, /) -> None:
        """Show the latest step of *visit*."""
        ...


class Diary:
    """Writes visits down and shows them."""

    def __init__(self, show: Shows) -> None:
        """Begin with an empty page."""
        self.visits: list[Visit] = []
        self._current: Visit | None = None
        self._show = show

    def begin(self, service: str, strategy: str) -> Visit:
        """Begin the visit of *strategy* to *service*."""
        visit = Visit(service, strategy)
        self.visits.append(visit)
        self.turn_to(visit)
        return visit

    def turn_to(self, visit: Visit) -> None:
        """Write what follows under *visit*, which may have begun before others."""
        if self._current is not visit:
            self._current = visit
            self._show.visit(visit)

    def write(self, step: Step) -> None:
        """Write *step* under the current visit."""
        if self._current is not None:
            self._current.steps.append(step)
            self._show.step(self._current, step)


class Guide:
    """Leads through visits to *service* with *manager*, whose requests *watch* sees, and has each in the *diary*."""

    def __init__(self, service: str, manager: SessionManager, watch: Watch, diary: Diary) -> None:
        """Begin with no visit."""
        self._service = service
        self._manager = manager
        self._watch = watch
        self._diary = diary

    @asynccontextmanager
    async def visit(self, title: str, strategy: Strategy[Any], *, ends: str = "") -> AsyncGenerator[Session]:
        """Open a session by *strategy* for a block, then close it; *ends* says why nothing is asked for that."""
        visit = self._diary.begin(self._service, title)
        self._watch.begin("open")
        async with self._manager.session(strategy) as session:
            self._watch.end("(nothing is asked: the token is the session)")
            self._watch.begin("use")
            yield session
            self._diary.turn_to(visit)
            self._watch.begin("close")
        self._watch.end(f"(nothing is asked: {ends})")
