"""After a kill -9 a program at ZITADEL finds what it left open: by its journal, or by a search for its own."""

from __future__ import annotations

import logging
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import BearerToken, NoAnswer, zitadel
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import MYSELF, ZitadelLogin

from .zitadel_asking import SECRET, create, managed
from .zitadel_program import started

LOGIN = ZitadelLogin("ada", password="secret")


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


async def test_a_killed_process_leaves_nothing_past_the_next_start(fake: FakeZitadel, tmp_path: Path) -> None:
    """Sessions of one step, of two and of half a login are closed, by their latest tokens; others' stay."""
    place = str(tmp_path / "sessions.db")
    token = fake.add_caller(["session.write"])  # which may end a session by its token, and not otherwise
    others, _ = await create(fake)
    async with started(fake.url, token, place, fake.totp_code("ada")) as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"open\n"
        assert len(fake.sessions) == 22
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with managed(fake, BearerToken(token), store=SQLiteStore(place)) as manager:
            assert fake.sessions == {others}
            assert manager.stats().recovered == 21
            assert await manager.recover() == 0


async def test_the_journal_holds_one_entry_a_session(fake: FakeZitadel, tmp_path: Path) -> None:
    """That of its latest token; and none when the session is closed."""
    place = tmp_path / "sessions.db"
    async with managed(fake, store=SQLiteStore(place)) as manager:
        two_steps = ZitadelLogin("ada", password="secret", totp=lambda: fake.totp_code("ada"))
        async with manager.session(two_steps), manager.session(LOGIN):
            assert _rows(place) == 2
        assert _rows(place) == 0


async def test_a_kept_session_outlives_its_program(fake: FakeZitadel, tmp_path: Path) -> None:
    """With its token and its end; the next program goes on with it, and logs out."""
    place = tmp_path / "sessions.db"
    async with managed(fake, store=SQLiteStore(place)) as manager:
        kept = await manager.login(LOGIN, name="ada")
        session_id, expires_at = kept.id, kept.expires_at
    assert fake.sessions == {session_id}
    async with managed(fake, store=SQLiteStore(place)) as manager:
        resumed = await manager.resume("ada")
        assert (resumed.id, resumed.expires_at) == (session_id, expires_at)
        body: Any = await resumed.get("/v2/sessions/{session_id}")
        assert body["session"]["id"] == session_id
        await manager.logout("ada")
    assert not fake.sessions


async def test_leftovers_without_a_journal_are_found_by_their_creator(fake: FakeZitadel) -> None:
    """The recipe: search for one's own, and terminate them by one's own right, page by page."""
    app = BearerToken(fake.add_caller(["session.write", "session.delete"]))
    others, _ = await create(fake)
    async with managed(fake, app) as crashed:
        for _ in range(5):
            fake.fail("lost answer", path="/v2/sessions")
            with pytest.raises(NoAnswer):
                async with crashed.session(LOGIN):
                    pass
        expired = await crashed.ask(zitadel.create_session(login_name="ada", lifetime_s=60))
        fake.advance(61)
        assert expired.session_id not in fake.sessions
    assert len(fake.sessions) == 6
    async with managed(fake, app) as manager:
        found = 0
        while leftovers := await manager.ask(zitadel.search_sessions(creator_id=MYSELF, limit=2)):
            for leftover in leftovers:
                await manager.ask(zitadel.terminate_session(leftover.id))
                found += 1
    assert found == 6
    assert fake.sessions == {others}


async def test_the_service_being_away_keeps_what_is_journalled(
    fake: FakeZitadel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be closed now is closed by the next program."""
    caplog.set_level(logging.ERROR, "tmdb_auth_async")
    store = SQLiteStore(tmp_path / "sessions.db")
    async with managed(fake, store=store, close_timeout_s=0.3, timeout_s=1) as manager, manager.session(LOGIN):
        await fake.stop()
    await fake.start()
    assert len(fake.sessions) == 1
    async with managed(fake, store=SQLiteStore(tmp_path / "sessions.db")) as manager:
        assert manager.stats().recovered == 1
    assert not fake.sessions


def _rows(place: Path) -> int:
    with sqlite3.connect(place) as database:
        count: int = database.execute("SELECT count(*) FROM journal").fetchone()[0]
    database.close()
    return count
