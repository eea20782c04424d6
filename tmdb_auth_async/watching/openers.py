"""Which line of a test, or of what it tests, opened each session; only while somebody watches."""

from __future__ import annotations

import functools
import inspect
import linecache
import os
import sysconfig
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import pytest

P = ParamSpec("P")
R = TypeVar("R")

_HOUSE = f"{Path(__file__).parents[1]}{os.sep}"
_LIBRARY = f"{Path(sysconfig.get_path('stdlib'))}{os.sep}"
_INSTALLED = f"{os.sep}site-packages{os.sep}"
_LOOPS = tuple(f"{_LIBRARY}asyncio{os.sep}{name}.py" for name in ("events", "base_events", "runners"))
"""Where an event loop runs a task: whoever called the loop has not opened what the task opens."""

_opening_at: ContextVar[str | None] = ContextVar("tmdb_auth_async_opening_at", default=None)


def place(frame: FrameType | None) -> str | None:
    """Return the innermost line from *frame* on that is neither ours nor a library's, as an editor finds it."""
    while frame is not None and not frame.f_code.co_filename.startswith(_LOOPS):
        file = frame.f_code.co_filename
        if not file.startswith((_HOUSE, _LIBRARY, "<")) and _INSTALLED not in file:
            shown = os.path.relpath(file) if file.startswith(f"{Path.cwd()}{os.sep}") else file
            line = linecache.getline(file, frame.f_lineno).strip()
            return f"{shown}:{frame.f_lineno}, in {frame.f_code.co_name}: {line}"
        frame = frame.f_back
    return None


class Openers:
    """Remembers for every id of a session, and every access token, the line that opened it."""

    def __init__(self) -> None:
        """Begin with nothing opened."""
        self._places: dict[str, str] = {}

    def place_of(self, secret: str) -> str | None:
        """Return the line that opened the session of that id, or the access token."""
        return self._places.get(secret)

    def note(self, value: object) -> None:
        """Remember who opens *value*, a session value."""
        where = _opening_at.get()
        for name in ("id", "access_token"):
            secret = getattr(value, name, None)
            if secret and where:
                self._places.setdefault(secret, where)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Look at all that any manager opens."""
        from ..desk import Desk
        from ..manager import SessionManager
        from ..scope import Scope

        adopt, ask = Desk.adopt, SessionManager.ask

        @functools.wraps(adopt)
        def adopted(desk: Desk, value: Any, /, **how: Any) -> Any:  # the signature is the desk's
            self.note(value)
            return adopt(desk, value, **how)

        @functools.wraps(ask)
        async def asked(manager: SessionManager, call: Any) -> Any:  # the signature is the manager's
            answer = await ask(manager, call)
            if call.opens is not None:
                self.note(call.opens(answer))
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Desk, "adopt", adopted)
            patch.setattr(Scope, "__aenter__", _marked(Scope.__aenter__))
            patch.setattr(SessionManager, "ask", _marked(asked))
            patch.setattr(SessionManager, "login", _marked(SessionManager.login))
            patch.setattr(SessionManager, "resume", _marked(SessionManager.resume))
            patch.setattr(SessionManager, "complete", _marked(SessionManager.complete))
            yield


def _marked(method: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Return *method*, which lets the tasks it starts know who called it."""

    @functools.wraps(method)
    async def marked(*args: P.args, **named: P.kwargs) -> R:
        before = _opening_at.set(place(inspect.currentframe()))
        try:
            return await method(*args, **named)
        finally:
            _opening_at.reset(before)

    return marked
