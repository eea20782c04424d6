"""The owners in an SQLite file that somebody has tampered with: no error, and no session that is left for ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.stores.liveness import identity
from tmdb_auth_async.testing import FakeTMDB

ADA = RequestTokenLogin(Password("ada", "secret"))


def _manager(fake: FakeTMDB, path: Path) -> SessionManager:
    return SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=SQLiteStore(path))


@pytest.mark.parametrize("pid", [2**63 - 1, "abc"])
@pytest.mark.parametrize(("lease_until", "is_recovered"), [(0.0, True), ("abc", True), (9e12, False)])
async def test_an_owner_that_is_no_process_has_its_lease(
    fake_tmdb: FakeTMDB, tmp_path: Path, pid: object, lease_until: object, *, is_recovered: bool
) -> None:
    """A manager is entered all the same, and closes what that owner left once the lease is over, or is none."""
    path = tmp_path / "s.db"
    fake_tmdb.add_user("ada", "secret")
    async with _manager(fake_tmdb, path) as first, first.session(ADA):
        with closing(sqlite3.connect(path)) as database, database:
            owner = ("them", "", "boot", identity().space, pid, "1", lease_until)
            database.execute("INSERT INTO owners VALUES (?, ?, ?, ?, ?, ?, ?)", owner)
            database.execute("UPDATE journal SET owner = 'them'")
        async with _manager(fake_tmdb, path) as second:
            assert second.stats().recovered == is_recovered
            assert len(fake_tmdb.sessions) == (not is_recovered)
