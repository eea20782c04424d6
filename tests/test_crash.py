"""After a kill -9: what a dead process left open is closed by the next, and nothing else is."""

import random
import signal
from pathlib import Path

import pytest

from tests.programs import LOGIN, started
from tmdb_auth_async import TMDB, BearerToken, SessionManager
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

NEW = "/3/authentication/session/new"


def _manager(fake: FakeTMDB, path: Path) -> SessionManager:
    return SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=SQLiteStore(path))


async def test_a_killed_process_leaves_nothing_past_the_next_start(fake: FakeTMDB, tmp_path: Path) -> None:
    """20 scopes open at a SIGKILL are closed as the next manager is entered; its own sessions and others' stay."""
    path = tmp_path / "sessions.db"
    args = (fake.url, fake.read_access_token, str(path), "20")
    async with started("hold", *args) as alive, started("hold", *args) as killed:
        for process in (alive, killed):
            assert process.stdout is not None
            assert await process.stdout.readline() == b"open\n"
        async with _manager(fake, path) as first, first.session(LOGIN):
            assert len(fake.sessions) == 41
            assert await first.recover() == 0
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
            async with _manager(fake, path) as second:
                assert len(fake.sessions) == 21
                assert second.stats().recovered == 20
                assert await second.recover() == 0
        assert len(fake.sessions) == 20


@pytest.mark.parametrize("seed", range(3))
async def test_a_process_killed_at_any_moment_leaves_only_unheard_answers(
    fake: FakeTMDB, tmp_path: Path, seed: int
) -> None:
    """Killed among openings and closings, a process leaves no session that its program had been handed."""
    path = tmp_path / "sessions.db"
    rng = random.Random(seed)
    async with started("churn", fake.url, fake.read_access_token, str(path), "20") as process:
        assert process.stdout is not None
        first = await process.stdout.readline()
        await fake.arrived(NEW, count=40 + rng.randrange(100))
        process.send_signal(signal.SIGKILL)
        told, _ = await process.communicate()
    had = {line.decode() for line in (first + told).split()}
    assert len(had) > 10
    async with _manager(fake, path):
        assert not fake.sessions & had
    assert len(fake.sessions) <= 20
