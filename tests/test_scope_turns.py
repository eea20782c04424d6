"""A cancel at every turn of the loop, and tasks that take their turn at once: a scope leaves nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tmdb_auth_async import (
    BearerToken,
    RequestTokenInvalid,
    RequestTokenLogin,
    SessionManager,
)
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import CREATE, WAYS, managed


@WAYS
@pytest.mark.parametrize("again", [None, 0, 1, 2, 5, 20])
async def test_a_cancel_at_every_turn_of_the_loop_leaves_nothing(
    fake: FakeTMDB, ada: RequestTokenLogin, again: int | None
) -> None:
    """Whichever step a cancel meets, and one more some turns later, the scope ends cancelled and leaves no session."""

    async def use(manager: SessionManager) -> None:
        async with manager.session(ada) as session:
            await session.get("/3/account")

    for turns in count():
        async with managed(fake) as manager:
            task = asyncio.create_task(use(manager))
            for _ in range(turns):
                await asyncio.sleep(0)
            is_over = task.done()
            task.cancel()
            if again is not None:
                for _ in range(again):
                    await asyncio.sleep(0)
                task.cancel()
            await asyncio.wait({task})
            assert task.cancelled() is not is_over
            left_at = time.monotonic()
        assert time.monotonic() - left_at < 1  # nothing is waited for that is over
        assert not fake.sessions
        assert manager.stats().open_now == manager.stats().possibly_lost == 0
        if is_over:
            break
    assert turns > 20


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tasks are eager from Python 3.12 on")
@WAYS
async def test_eager_tasks_change_nothing(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """What begins in the middle of the line that starts it ends as it should, well or not."""
    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory"))  # noqa: B009  # Python 3.11 has none
    async with managed(fake) as manager:
        async with manager.session(ada) as session:
            assert await session.get("/3/account")
        fake.fail(status=401, code=33, path=CREATE)
        with pytest.raises(RequestTokenInvalid):
            async with manager.session(ada):
                pass
        with fake.hold(CREATE, carried_out=True) as gate:
            task = asyncio.create_task(manager.session(ada).__aenter__())
            await gate.reached()
            task.cancel()
            await asyncio.wait({task})
        async with manager.session(BearerToken("a-token")):
            pass
    assert not fake.sessions
    assert manager.stats().open_now == manager.stats().possibly_lost == 0


@WAYS
async def test_a_cancel_at_any_turn_of_the_loop_leaves_no_row(
    fake: FakeTMDB, ada: RequestTokenLogin, tmp_path: Path
) -> None:
    """Where a journal is kept, it is empty afterwards, too: nothing is left to be recovered."""

    async def use(manager: SessionManager) -> None:
        async with manager.session(ada):
            pass

    for turns in count(0, 3):
        async with managed(fake, store=SQLiteStore(tmp_path / "sessions.db")) as manager:
            task = asyncio.create_task(use(manager))
            for _ in range(turns):
                await asyncio.sleep(0)
            is_over = task.done()
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled() is not is_over
        assert not fake.sessions
        assert manager.stats().open_now == manager.stats().possibly_lost == manager.stats().recovered == 0
        with closing(sqlite3.connect(tmp_path / "sessions.db")) as database:
            assert database.execute("SELECT count(*) FROM journal").fetchone() == (0,)
        if is_over:
            break
