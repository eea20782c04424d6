"""Requests that a kept session may not make: refused as if it were over, they do not have it opened anew each time."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tmdb_auth_async import PermissionDenied, Request, Session
from tmdb_auth_async.keeping import denied
from tmdb_auth_async.keeping.denied import Denied
from tmdb_auth_async.testing import FakeTMDB

from .chaos import plain
from .kept_kit import LOGIN, on

DENIED = "/3/account/lists"


def _end(fake: FakeTMDB, session: Session) -> None:
    assert session.id is not None
    fake.revoke(session.id)


async def _is_denied(session: Session, path: str = DENIED) -> None:
    with pytest.raises(PermissionDenied):
        await session.get(path)


async def test_what_a_session_may_not_do_costs_one_login(fake: FakeTMDB) -> None:
    """However often it is asked for, one by one and at once, with other requests between."""
    fake.fail(times=None, status=401, code=3, path=DENIED)
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        for _ in range(5):
            await _is_denied(session)
            await session.get("/3/account")
        await asyncio.gather(*(_is_denied(session) for _ in range(10)))
        assert manager.stats().opened == 2
    assert not fake.sessions


async def test_a_session_that_may_not_do_something_is_opened_anew_when_it_is_over(fake: FakeTMDB) -> None:
    """Whichever other request meets that first; the new one is not opened anew for what it may not do either."""
    fake.fail(times=None, status=401, code=3, path=DENIED)
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        await _is_denied(session)
        for opened in (3, 4):
            _end(fake, session)
            await session.get("/3/account")
            await _is_denied(session)
            assert manager.stats().opened == opened
    assert not fake.sessions


async def test_what_was_denied_for_a_while_is_not_held_against_it(fake: FakeTMDB) -> None:
    """Two refusals in a row, and then it works: a later one means again that the session is over."""
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        fake.fail(times=2, status=401, code=3, path="/3/account")
        await _is_denied(session, "/3/account")
        await session.get("/3/account")
        _end(fake, session)
        await session.get("/3/account")
        assert manager.stats().opened == 3
    assert not fake.sessions


async def test_what_was_denied_long_ago_is_tried_with_a_new_session(
    fake: FakeTMDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that is ended as soon as it is opened is not stuck for ever, though nothing else is asked by it."""
    ahead_s = 0.0
    monkeypatch.setattr(denied, "monotonic", lambda: time.monotonic() + ahead_s)
    async with plain(fake) as manager:
        session = await manager.login(LOGIN)
        fake.fail(times=2, status=401, code=3, path="/3/account")
        await _is_denied(session, "/3/account")
        _end(fake, session)
        await _is_denied(session, "/3/account")
        ahead_s = denied.BELIEVED_S + 1
        await session.get("/3/account")
        assert manager.stats().opened == 3
    assert not fake.sessions


async def test_a_session_of_another_manager_that_is_over_too_is_opened_anew(fake: FakeTMDB, tmp_path: Path) -> None:
    """It was not opened just now: that it is refused says nothing of what it may do."""
    path = tmp_path / "sessions.db"
    async with on(fake, path) as here, on(fake, path) as there:
        session = await here.login(LOGIN)
        other = await there.login(LOGIN)
        _end(fake, other)
        await other.get("/3/account")
        _end(fake, other)
        await _is_denied(session, "/3/account")
        await session.get("/3/account")
        await here.logout()
    assert not fake.sessions


def test_the_latest_are_remembered() -> None:
    """Not more of them than can be counted on, whatever a program asks for."""
    requests = [Request("GET", f"/3/list/{number}") for number in range(denied.MOST + 1)]
    remembered = Denied()
    for request in (*requests[: denied.MOST], requests[0], requests[-1]):
        remembered.add(request)
    assert [request in remembered for request in requests] == [True, False, *([True] * (denied.MOST - 1))]
    assert Request("POST", "/3/list/0") not in remembered
