"""The SQLite store at work: shared writes, locks, leases, and what its errors say."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tmdb_auth_async import NotConfigured, TimedOut
from tmdb_auth_async.stores import SQLiteStore, sqlite_database
from tmdb_auth_async.stores.changes import Changes
from tmdb_auth_async.stores.sqlite_link import SQLiteLink

from .showing import shown


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that does not exist yet."""
    return tmp_path / "sessions.sqlite3"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that writers need, as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def rows_in(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the file, as another process would."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


async def test_writes_at_the_same_time_are_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred rows that are recorded at once take a few transactions, and all are there."""
    writes: list[int] = []
    really = SQLiteLink.write

    async def counted(link: SQLiteLink, changes: Changes) -> None:
        writes.append(len(changes.rows))
        await really(link, changes)

    monkeypatch.setattr(SQLiteLink, "write", counted)
    store = SQLiteStore(path)
    await asyncio.gather(*(store.record(f"a.{number}", "text") for number in range(100)))
    assert sum(writes) == 100
    assert len(writes) <= 3
    assert rows_in(path, "SELECT count(*) FROM journal") == [(100,)]
    await store.aclose()


async def test_a_write_may_have_more_rows_than_a_statement(path: Path) -> None:
    """A thousand rows at once are written, written over, forgotten and left to others, in their order."""
    keys = [f"a.{number}" for number in range(1_000)]
    store, other = SQLiteStore(path), SQLiteStore(path)
    await asyncio.gather(*(store.record(key, "old") for key in keys))
    await asyncio.gather(*(store.record(key, f"text of {key}") for key in keys))
    await store.forget(*keys[1::2])
    assert await other.claim_orphans("a.") == ()
    await store.abandon(*keys[::2])
    assert await other.claim_orphans("a.") == tuple((key, f"text of {key}") for key in keys[::2])
    await store.aclose()
    await other.aclose()


async def test_a_locked_file_is_waited_for(path: Path) -> None:
    """While another process writes, only those who write wait, and the event loop goes on."""
    store = SQLiteStore(path)
    await store.save("ada", "text")
    with locked(path):
        writing = asyncio.create_task(store.record("a.1", "text"))
        began = time.perf_counter()
        turns = 0
        while time.perf_counter() < began + 0.1:
            await asyncio.sleep(0.001)
            turns += 1
        assert turns > 20
        assert not writing.done()
    await writing
    assert rows_in(path, "SELECT key FROM journal") == [("a.1",)]
    await store.aclose()


async def test_a_file_that_stays_locked_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits in vain is told so, by an error that shows nothing of the text; what failed is not there later."""
    monkeypatch.setattr(sqlite_database, "BUSY_TIMEOUT_S", 0.05)
    store = SQLiteStore(path)
    await store.record("a.0", "text")
    with locked(path):
        failures = await asyncio.gather(
            *(store.record(f"a.{number}", "canary") for number in (1, 2)),
            store.save("ada", "canary", "a.0"),
            return_exceptions=True,
        )
    assert all(isinstance(failure, TimedOut) and "locked" in str(failure) for failure in failures)
    assert len({id(failure) for failure in failures}) == 3
    assert not any("canary" in shown(failure) for failure in failures if isinstance(failure, BaseException))
    await store.record("a.3", "text")
    assert rows_in(path, "SELECT key FROM journal") == [("a.3",)]
    assert await store.load("ada") is None
    await store.aclose()


def test_an_error_says_what_to_look_at(path: Path) -> None:
    """What SQLite refuses for any other reason is told by its name, and by the file's."""
    sqlite3.connect(path).close()
    readonly = closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))
    with readonly as database, pytest.raises(sqlite3.Error) as caught:
        database.execute("CREATE TABLE more (x)")
    error = sqlite_database.explained(caught.value, path)
    assert isinstance(error, NotConfigured)
    assert f"{path} cannot be used (SQLITE_READONLY)" in str(error)


async def test_a_lease_is_renewed_while_it_is_needed(path: Path) -> None:
    """An owner tells that it lives for as long as it has rows, and no longer."""
    store = SQLiteStore(path, lease_s=0.15)
    await store.record("a.1", "text")
    lease = "SELECT lease_until FROM owners"
    first = rows_in(path, lease)
    async with asyncio.timeout(5):
        while rows_in(path, lease) == first:
            await asyncio.sleep(0.01)
    await store.forget("a.1")
    await asyncio.sleep(0.1)
    last = rows_in(path, lease)
    await asyncio.sleep(0.2)
    assert rows_in(path, lease) == last
    await store.aclose()


async def test_a_lease_is_renewed_after_a_close(path: Path) -> None:
    """A manager that closes the store leaves the rows of another manager in care, and no open file between renewals."""
    store = SQLiteStore(path, lease_s=0.15)
    await store.record("a.1", "text")
    await store.aclose()
    lease = "SELECT lease_until FROM owners"
    first = rows_in(path, lease)
    async with asyncio.timeout(5):
        while rows_in(path, lease) == first or path.with_name(f"{path.name}-wal").exists():
            await asyncio.sleep(0.01)
    await store.forget("a.1")
    await store.aclose()


@pytest.mark.parametrize(("lease_s", "expected"), [(100, []), (-1, ["a.1"])])
async def test_an_owner_in_another_container_has_its_lease(path: Path, lease_s: float, expected: list[str]) -> None:
    """Rows of an owner that this process cannot see are claimed when its lease is over, and then it is forgotten."""
    store = SQLiteStore(path)
    await store.names()
    with closing(sqlite3.connect(path)) as database, database:
        owner = ("them", "", "boot", "boot pid:[9] time:[9]", 1, "5", time.time() + lease_s)
        database.execute("INSERT INTO owners VALUES (?, ?, ?, ?, ?, ?, ?)", owner)
        database.execute("INSERT INTO journal (key, text, owner) VALUES ('a.1', 'text', 'them')")
    assert [key for key, _ in await store.claim_orphans("a.")] == expected
    assert (("them",) in rows_in(path, "SELECT id FROM owners")) == (not expected)
    await store.aclose()


async def test_a_row_of_an_unknown_owner_is_an_orphan(path: Path) -> None:
    """A row whose owner nobody knows is nobody's."""
    store = SQLiteStore(path)
    await store.names()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO journal (key, text, owner) VALUES ('a.1', 'text', 'them')")
        database.execute("INSERT INTO holds VALUES ('name', 'them', 'token')")
    assert [key for key, _ in await store.claim_orphans("a.")] == ["a.1"]
    async with asyncio.timeout(5), store.hold("name"):
        pass
    await store.forget("a.1")
    await store.aclose()


async def test_a_lock_that_could_not_be_given_back_is_later(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A holder that cannot say so leaves in time, and the name is free as soon as it can be said."""
    monkeypatch.setattr(sqlite_database, "BUSY_TIMEOUT_S", 0.05)
    store, other = SQLiteStore(path, lease_s=0.3), SQLiteStore(path)
    async with store.hold("name"):
        lock = locked(path)
        lock.__enter__()
    lock.__exit__(None, None, None)
    assert "could not be given back (TimedOut)" in caplog.text
    async with asyncio.timeout(5), other.hold("name"):
        pass
    await store.aclose()
    await other.aclose()


async def test_a_lock_of_its_own_is_taken_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that this very store left behind, because a way back was lost, does not lock it out."""
    store = SQLiteStore(path)

    async def lost(link: SQLiteLink, name: str, token: str) -> None:
        """Give nothing back."""

    with monkeypatch.context() as broken:
        broken.setattr(SQLiteLink, "drop", lost)
        async with store.hold("name"):
            pass
    assert rows_in(path, "SELECT name FROM holds") == [("name",)]
    async with asyncio.timeout(1), store.hold("name"):
        pass
    assert rows_in(path, "SELECT name FROM holds") == []
    await store.aclose()


async def test_a_lease_is_more_than_nothing(path: Path) -> None:
    """A lease of no time is refused at once."""
    with pytest.raises(NotConfigured, match="lease_s"):
        SQLiteStore(path, lease_s=0)


def test_the_path_shows(path: Path) -> None:
    """The store says which file it is, if it was given one."""
    assert repr(SQLiteStore(path)) == f"SQLiteStore({str(path)!r})"
    assert repr(SQLiteStore()) == "SQLiteStore()"
