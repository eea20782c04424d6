"""Stores cost nothing until they are used, and say which extra they lack then."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tmdb_auth_async import NotConfigured, SessionStore, stores
from tmdb_auth_async.stores import KeyringStore, MemoryStore, RedisStore, SQLiteStore

DRIVERS = {"aiosqlite", "filelock", "keyring", "platformdirs", "redis", "sqlite3"}


def test_the_stores_are_all_there() -> None:
    """What the package names is what it has."""
    assert stores.__all__ == ["KeyringStore", "MemoryStore", "RedisStore", "SQLiteStore"]
    assert all(hasattr(stores, name) for name in stores.__all__)


def test_making_a_store_loads_no_driver() -> None:
    """A store that is made and not used has imported nothing of what it will need."""
    program = (
        "import sys; before = set(sys.modules);"  # what measures coverage has loaded a driver of its own
        "from tmdb_auth_async.stores import *;"
        "MemoryStore(), SQLiteStore('x'), SQLiteStore(), KeyringStore(), RedisStore('redis://h');"
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not DRIVERS & set(done.stdout.split())


@pytest.mark.parametrize(
    ("store", "library", "extra"),
    [
        (SQLiteStore("sessions.sqlite3"), "aiosqlite", "sqlite"),
        (SQLiteStore(), "platformdirs", "sqlite"),
        (KeyringStore(), "keyring", "keyring"),
        (KeyringStore(), "filelock", "keyring"),
        (RedisStore("redis://127.0.0.1"), "redis.asyncio", "redis"),
    ],
)
async def test_a_missing_extra_is_named(
    store: SessionStore, library: str, extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Using a store whose library is not installed says what to install, for reads, writes and locks alike."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, library, None)
    words = rf"pip install 'tmdb-auth-async\[{extra}\]'"
    with pytest.raises(NotConfigured, match=words):
        await store.load("ada")
    with pytest.raises(NotConfigured, match=words):
        await store.record("a.1", "text")
    with pytest.raises(NotConfigured, match=words):
        async with store.hold("name"):
            pass
    await store.aclose()
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


@pytest.mark.parametrize("store", [MemoryStore(), SQLiteStore(), KeyringStore(), RedisStore("redis://127.0.0.1")])
def test_a_store_says_what_outlives_the_process(store: SessionStore) -> None:
    """Only memory ends with the process."""
    assert store.durable is not isinstance(store, MemoryStore)
