"""Kept sessions where a clock is wrong: an end that was past from the beginning is not believed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tmdb_auth_async import Guest
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin

from .chaos import plain
from .kept_kit import set_clock
from .zitadel_asking import managed

LOGIN = ZitadelLogin("ada", password="secret", lifetime_s=3600)
OWN = "/v2/sessions/{session_id}"
NEW_GUEST = "/3/authentication/guest_session/new"


@pytest.fixture
def zitadel(fake_zitadel: FakeZitadel, monkeypatch: pytest.MonkeyPatch) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, two hours behind the clock of its clients."""
    fake_zitadel.add_user("ada", "secret")
    set_clock(monkeypatch, ahead=timedelta(hours=2))
    return fake_zitadel


def _created(fake: FakeZitadel) -> int:
    return sum((request.method, request.path) == ("POST", "/v2/sessions") for request in fake.requests)


async def test_a_clock_that_is_ahead_opens_no_session_at_every_request(zitadel: FakeZitadel) -> None:
    """The service decides: it honours the session for as long as that lives, and its refusal opens the next."""
    async with managed(zitadel) as manager:
        session = await manager.login(LOGIN)
        for _ in range(5):
            await session.get(OWN)
            assert await manager.login(LOGIN) is await manager.resume() is session
        assert _created(zitadel) == 1
        zitadel.advance(seconds=3601)
        for _ in range(5):
            await session.get(OWN)
        assert _created(zitadel) == 2
        await manager.logout()
    assert not zitadel.sessions


async def test_a_guest_session_that_comes_with_a_past_end_is_used(fake: FakeTMDB) -> None:
    """One login opens one, and its requests none."""
    body = json.dumps({"success": True, "guest_session_id": "f" * 32, "expires_at": "2020-01-01 00:00:00 UTC"}).encode()
    fake.fail(times=None, status=200, body=body, path=NEW_GUEST)
    async with plain(fake) as manager:
        session = await manager.login(Guest())
        for _ in range(5):
            await session.get("/3/configuration")
            assert await manager.login(Guest()) is session
    assert sum(request.path == NEW_GUEST for request in fake.requests) == 1


async def test_managers_whose_clocks_are_ahead_share_a_session(zitadel: FakeZitadel, tmp_path: Path) -> None:
    """None of them takes what another has opened for over, and opens one in its place, in turn for ever."""
    path = tmp_path / "sessions.db"
    stores = [SQLiteStore(path), SQLiteStore(path)]
    async with managed(zitadel, store=stores[0]) as here, managed(zitadel, store=stores[1]) as there:
        sessions = [await manager.login(LOGIN) for manager in (here, there)]
        for _ in range(5):
            for session in sessions:
                await session.get(OWN)
        assert _created(zitadel) == 2
        await here.logout()
    assert not zitadel.sessions
