"""The keyring store: what it asks of the keyring, what it says of one that does not work, and what it leaves in it."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from tmdb_auth_async import NotConfigured, TimedOut
from tmdb_auth_async.stores import KeyringStore, keyring_locks

from .json_keyring import JsonKeyring
from .store_failing import SESSION, failure_of


async def test_the_keyring_is_asked_in_threads(ring: JsonKeyring) -> None:
    """However long a keyring takes, the event loop does not wait for it."""
    store = KeyringStore()
    await store.save("ada", SESSION)
    await store.record("a.1", SESSION)
    assert await store.load("ada") == SESSION
    await store.forget("a.1")
    await store.aclose()
    assert ring.threads
    assert threading.current_thread().name not in ring.threads


async def test_an_entry_holds_no_more_than_a_keyring_takes(ring: JsonKeyring) -> None:
    """Long texts, and long lists of them, are spread over entries that Windows would take."""
    store = KeyringStore()
    await store.save("large", "x" * 5000)
    for number in range(60):
        await store.save(f"a rather long name {number}", f"text {number}")
    assert await store.load("large") == "x" * 5000
    assert await store.load("a rather long name 59") == "text 59"
    assert ring.longest <= 1280
    await store.aclose()


async def test_nothing_is_left_of_what_is_gone(ring: JsonKeyring) -> None:
    """Replaced, deleted and forgotten texts leave no entry, and neither do the lists that named them."""
    store = KeyringStore()
    for number in range(30):
        await store.save(f"a rather long name {number}", "text")
        await store.save(f"a rather long name {number}", "another")
        await store.record(f"a.{number}", "text")
    for number in range(30):
        await store.delete(f"a rather long name {number}")
        await store.forget(f"a.{number}")
    await store.aclose()
    await store.names()
    await store.save("last", "text")
    await store.delete("last")
    assert set(ring.entries) == {"tmdb_auth_async/index"}
    assert SESSION not in ring.path.read_text(encoding="utf-8")


async def test_services_keep_apart(ring: JsonKeyring) -> None:
    """Two service names are two stores, in one keyring."""
    store, other = KeyringStore("mine"), KeyringStore("yours")
    await store.save("ada", "text")
    async with store.hold("name"), other.hold("name"):
        assert await other.names() == ()
    assert all(entry.startswith("mine/") for entry in ring.entries)
    await store.aclose()
    await other.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX modes")
async def test_lock_files_are_private_and_hold_nothing(ring: JsonKeyring, tmp_path: Path) -> None:
    """The files that processes lock lie in a folder of this user's, empty, and name no name."""
    store = KeyringStore()
    await store.record("a.1", SESSION)
    async with store.hold("canary-name"):
        files = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
        assert len(files) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {stat.S_IMODE(file.parent.stat().st_mode) for file in files} == {0o700}
        assert not any("canary" in file.name or b"canary" in file.read_bytes() for file in files)
    await store.forget("a.1")
    assert len([file for file in (tmp_path / "data").rglob("*") if file.is_file()]) == 2
    await store.aclose()


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (keyring.errors.KeyringLocked("canary"), "is locked: unlock it"),
        (keyring.errors.NoKeyringError("canary"), "no keyring that works"),
        (keyring.errors.InitError("canary"), "could not be opened"),
        (keyring.errors.PasswordSetError("canary"), "refused"),
        (OSError("canary"), r"refused \(OSError\)"),
    ],
)
async def test_a_keyring_that_does_not_work_is_said(ring: JsonKeyring, failure: Exception, words: str) -> None:
    """Each way in which a keyring fails is `NotConfigured`, with what to do, and passes when it works again."""
    store = KeyringStore()
    await store.save("ada", "before")
    ring.failure = failure
    error = await failure_of(store)
    assert isinstance(error, NotConfigured)
    with pytest.raises(NotConfigured, match=words):
        await store.load("ada")
    with pytest.raises(NotConfigured, match="SQLiteStore"):
        await store.claim_orphans("")
    ring.failure = None
    assert await store.load("ada") == "before"
    await store.aclose()


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
async def test_no_keyring_is_said(ring: JsonKeyring, backend: type) -> None:
    """A machine without a keyring, or with one that is switched off and would forget, is `NotConfigured`."""
    keyring.set_keyring(backend())
    store = KeyringStore()
    assert "no keyring that works" in str(await failure_of(store))
    await store.aclose()


@pytest.mark.parametrize(
    "index",
    [
        *("not JSON", "[]", '{"v":2,"kept":{},"rows":{},"trash":[]}', '{"v":1,"kept":[]}', "*gone", "[" * 200_000),
        *("*index", "*other"),
    ],
    ids=["text", "list", "newer", "half", "part lost", "nested", "its own part", "a part's own part"],
)
@pytest.mark.timeout(20)
async def test_an_index_that_cannot_be_read_is_left(ring: JsonKeyring, index: str) -> None:
    """A damaged or newer index is refused, and everything in the keyring stays as it was."""
    ring.set_password("tmdb_auth_async", "other", "*other")
    ring.set_password("tmdb_auth_async", "index", index)
    before = ring.path.read_bytes()
    store = KeyringStore()
    assert isinstance(await failure_of(store), NotConfigured)
    assert ring.path.read_bytes() == before
    await store.aclose()


async def test_a_lost_entry_is_said(ring: JsonKeyring) -> None:
    """A text that somebody removed from the keyring is told from one that was never kept."""
    store = KeyringStore()
    await store.save("ada", SESSION)
    (part,) = json.loads(ring.entries["tmdb_auth_async/index"])["kept"]["ada"]
    ring.delete_password("tmdb_auth_async", part)
    with pytest.raises(NotConfigured, match="lost a part"):
        await store.load("ada")
    await store.save("ada", SESSION)
    assert await store.load("ada") == SESSION
    await store.aclose()


async def test_a_journal_entry_that_has_lost_a_part_hides_no_other(ring: JsonKeyring) -> None:
    """It is claimed with no text, which nobody can read: the manager says so, and closes the rest."""
    dead = KeyringStore()
    for key in ("lost", "whole"):
        await dead.record(key, f"text of {key}")
        (_, (part,)) = json.loads(ring.entries["tmdb_auth_async/index"])["rows"][key]
        if key == "lost":
            ring.delete_password("tmdb_auth_async", part)
    await dead.abandon("lost", "whole")
    store = KeyringStore()
    assert dict(await store.claim_orphans("")) == {"lost": "", "whole": "text of whole"}
    await store.aclose()
    await dead.aclose()


async def test_another_process_that_stays_busy_is_said(ring: JsonKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits in vain for their turn is told so."""
    monkeypatch.setattr(keyring_locks, "WAIT_S", 0.05)
    store, busy = KeyringStore(), KeyringStore()
    await busy.names()
    locks = busy._locks  # noqa: SLF001  # the turn that another process would have
    turn = locks.turn()
    assert isinstance(await failure_of(store), TimedOut)
    turn.release()
    await store.save("ada", SESSION)
    await store.aclose()
    await busy.aclose()


async def test_a_lock_that_is_taken_after_a_cancel_is_given_back(
    ring: JsonKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that takes a lock when its waiter is already gone leaves it to the next."""
    really = keyring_locks.LockFiles.take

    def slow(locks: keyring_locks.LockFiles, name: str, token: str) -> bool:
        time.sleep(0.05)
        return really(locks, name, token)

    store, other = KeyringStore(), KeyringStore()
    await store.names()
    with monkeypatch.context() as slowed:
        slowed.setattr(keyring_locks.LockFiles, "take", slow)
        waiter = asyncio.create_task(store.hold("name").__aenter__())
        await asyncio.sleep(0.02)
        waiter.cancel()
        await asyncio.wait({waiter})
        await asyncio.sleep(0.1)  # for the thread to be through, if anybody left without it
    async with asyncio.timeout(1), other.hold("name"):
        pass
    await store.aclose()
    await other.aclose()


async def test_a_write_that_breaks_off_changes_nothing(ring: JsonKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that stops before the index is written leaves everything as it was."""
    store = KeyringStore()
    await store.save("ada", "before")
    really = ring.set_password

    def breaking(service: str, username: str, password: str) -> None:
        if username == "index":
            raise keyring.errors.PasswordSetError
        really(service, username, password)

    with monkeypatch.context() as broken:
        broken.setattr(ring, "set_password", breaking)
        assert isinstance(await failure_of(store), NotConfigured)
    assert await store.load("ada") == "before"
    assert await store.names() == ("ada",)
    await store.aclose()


async def test_what_a_crash_left_is_removed_later(ring: JsonKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that a process did not live to remove are removed by the next write."""
    store = KeyringStore()
    await store.save("ada", "before")
    with monkeypatch.context() as broken:
        broken.setattr(ring, "delete_password", Mock())
        await store.save("ada", "after")
    assert "before" in ring.entries.values()
    await store.save("bob", "text")
    assert "before" not in ring.entries.values()
    assert await store.load("ada") == "after"
    await store.aclose()


def test_the_service_name_shows() -> None:
    """The store says whose entries it uses."""
    assert repr(KeyringStore("mine")) == "KeyringStore('mine')"
