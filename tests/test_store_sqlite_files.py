"""The SQLite file: who may read it, what it may be, and that what is refused stays as it was."""

# ruff: noqa: ASYNC240  # a test lays out its files while nothing else runs

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from tmdb_auth_async import NotConfigured
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.stores.sqlite_schema import APPLICATION_ID, MIGRATIONS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX modes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that does not exist yet."""
    return tmp_path / "sessions.sqlite3"


def mode_of(path: Path) -> int:
    """Read the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def refused(path: Path) -> str:
    """Use the file, see it refused and unchanged, and return what the error says."""
    before = path.read_bytes() if path.is_file() else None
    store = SQLiteStore(path)
    with pytest.raises(NotConfigured) as caught:
        await store.save("ada", "text")
    with pytest.raises(NotConfigured):
        await store.record("a.1", "text")
    await store.aclose()
    assert (path.read_bytes() if path.is_file() else None) == before
    assert caught.value.__context__ is None
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
async def test_the_file_is_born_private(path: Path, umask: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the umask, the file and those that SQLite puts beside it have mode 0600, and at no moment more."""
    modes: list[int] = []
    really = os.open

    def watched(file: str, flags: int, mode: int = 0o777) -> int:
        opened = really(file, flags, mode)
        modes.append(stat.S_IMODE(os.fstat(opened).st_mode))
        return opened

    monkeypatch.setattr(os, "open", watched)
    before = os.umask(umask)
    try:
        store = SQLiteStore(path)
        await store.record("a.1", "text")
    finally:
        os.umask(before)
    assert {file.name for file in path.parent.iterdir()} == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    assert all(mode_of(file) == 0o600 for file in path.parent.iterdir())
    assert modes
    assert not any(mode & 0o177 for mode in modes)
    await store.aclose()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
async def test_missing_folders_are_made_private(tmp_path: Path, umask: int) -> None:
    """Whatever the umask, each folder on the way to the file is made with mode 0700, and those that are there stay."""
    tmp_path.chmod(0o755)
    path = tmp_path / "local" / "share" / "tmdb" / "sessions.sqlite3"
    before = os.umask(umask)
    try:
        store = SQLiteStore(path)
        await store.save("ada", "text")
    finally:
        os.umask(before)
    await store.aclose()
    assert [mode_of(folder) for folder in list(path.parents)[:4]] == [0o700, 0o700, 0o700, 0o755]


async def test_the_default_file_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path the file lies where this user's data lies on this system."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    store = SQLiteStore()
    assert not list(tmp_path.iterdir())
    await store.save("ada", "text")
    await store.aclose()
    assert len(list(tmp_path.rglob("sessions.sqlite3"))) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
async def test_a_file_that_others_can_use_is_refused(path: Path, mode: int) -> None:
    """A single permission of the group or the world is too much."""
    path.touch()
    path.chmod(mode)
    assert "chmod 600" in await refused(path)


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
async def test_a_file_beside_it_that_others_can_read_is_refused(path: Path, suffix: str) -> None:
    """What SQLite keeps beside the file holds the same secrets."""
    path.touch(0o600)
    path.with_name(path.name + suffix).touch()
    path.with_name(path.name + suffix).chmod(0o644)
    assert f"{path.name}{suffix}" in await refused(path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
async def test_a_file_of_another_user_is_refused(path: Path) -> None:
    """A file that belongs to somebody else can be read by them."""
    path.touch(0o600)
    os.chown(path, 12345, -1)
    assert "another user" in await refused(path)


async def test_a_folder_that_anybody_writes_into_is_refused(tmp_path: Path) -> None:
    """Where anybody can replace the file it is not safe; a folder like /tmp, where they cannot, will do."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    store = SQLiteStore(folder / "sessions.sqlite3")
    with pytest.raises(NotConfigured, match="chmod o-w"):
        await store.save("ada", "text")
    folder.chmod(0o1777)
    await store.save("ada", "text")
    await store.aclose()


async def test_a_folder_is_no_file(path: Path) -> None:
    """The path of a folder is refused, and what is in it stays."""
    path.mkdir(mode=0o700)
    assert "not a file" in await refused(path)


async def test_a_file_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    """A path that leads through a file is refused by name."""
    (tmp_path / "file").touch()
    store = SQLiteStore(tmp_path / "file" / "below" / "sessions.sqlite3")
    with pytest.raises(NotConfigured, match="cannot make the folder"):
        await store.save("ada", "text")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that not even root may write into")
async def test_a_file_that_cannot_be_made_is_refused() -> None:
    """A folder that nobody may write into is refused by name."""
    store = SQLiteStore("/proc/self/sessions.sqlite3")
    with pytest.raises(NotConfigured, match=r"cannot make the file /proc/self/sessions\.sqlite3"):
        await store.save("ada", "text")


async def test_a_link_to_a_private_file_is_followed(path: Path, tmp_path: Path) -> None:
    """A link to a file of one's own is that file, and what lies beside it lies beside the file."""
    real = tmp_path / "elsewhere" / "real.sqlite3"
    real.parent.mkdir(mode=0o700)
    real.touch(0o600)
    path.symlink_to(real)
    store = SQLiteStore(path)
    await store.record("a.1", "text")
    assert real.with_name("real.sqlite3-wal").exists()
    await store.aclose()
    assert path.is_symlink()


@pytest.mark.parametrize("target", ["nowhere", "readable"])
async def test_a_link_that_is_not_safe_is_refused(path: Path, tmp_path: Path, target: str) -> None:
    """A link to nothing makes nothing, and one to a file that others can read is that file."""
    readable = tmp_path / "readable"
    readable.touch()
    readable.chmod(0o644)
    path.symlink_to(tmp_path / target)
    store = SQLiteStore(path)
    with pytest.raises(NotConfigured, match=str(tmp_path)):
        await store.save("ada", "text")
    assert not (tmp_path / "nowhere").exists()
    assert readable.read_bytes() == b""


@pytest.mark.parametrize("place", ["loop", "other"])
async def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path, place: str) -> None:
    """The error names it and says why."""
    (tmp_path / "loop").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "loop")
    assert "symbolic links" in await refused(tmp_path / place)


async def filled(path: Path) -> bytes:
    """Make a sound file, and return what is in it."""
    store = SQLiteStore(path)
    for number in range(50):
        await store.save(f"name {number}", "text " * 100)
    await store.aclose()
    return path.read_bytes()


@pytest.mark.parametrize("damage", ["garbage", "header", "cut in the middle", "cut in a page"])
async def test_a_damaged_file_is_refused(path: Path, damage: str) -> None:
    """A file that is no database, or half of one, is refused by name, with what to do."""
    sound = await filled(path)
    damaged = {
        "garbage": b"not a database at all " * 400,
        "header": b"SQLite format 3\0" + b"\xff" * 4000,
        "cut in the middle": sound[: len(sound) // 2],
        "cut in a page": sound[:-100],
    }
    path.write_bytes(damaged[damage])
    assert "move it away" in await refused(path)


async def test_damage_that_shows_later_is_refused(path: Path) -> None:
    """Damage that opening does not see is refused when it is met."""
    sound = await filled(path)
    path.write_bytes(sound[:4096] + b"\xee" * (len(sound) - 4096))
    store = SQLiteStore(path)
    with pytest.raises(NotConfigured, match="damaged"):
        await store.load("name 7")
    await store.aclose()


async def test_an_empty_file_is_a_new_one(path: Path) -> None:
    """A private file with nothing in it is used."""
    path.touch(0o600)
    store = SQLiteStore(path)
    await store.save("ada", "text")
    assert await store.load("ada") == "text"
    await store.aclose()


def made(path: Path, *statements: str) -> None:
    """Make a private database by hand."""
    path.touch(0o600)
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


async def test_a_newer_file_is_refused(path: Path) -> None:
    """A file that a later release wrote is left to it."""
    newer = len(MIGRATIONS) + 1
    made(path, "CREATE TABLE future (x)", f"PRAGMA user_version={newer}", f"PRAGMA application_id={APPLICATION_ID}")
    assert f"version {newer}" in await refused(path)


@pytest.mark.parametrize("version", [0, 1, 7])
async def test_another_programs_database_is_refused(path: Path, version: int) -> None:
    """A database that is not ours gets none of our tables."""
    made(path, "CREATE TABLE theirs (x)", f"PRAGMA user_version={version}")
    assert "another program's" in await refused(path)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_an_older_file_is_brought_up(path: Path, version: int) -> None:
    """A file of each earlier version keeps what is in it and does all that a new one does."""
    steps = [statement for step in MIGRATIONS[:version] for statement in step]
    kept = "INSERT INTO kept (name, text) VALUES ('ada', 'text')"
    made(path, *steps, kept, f"PRAGMA user_version={version}", f"PRAGMA application_id={APPLICATION_ID}")
    store = SQLiteStore(path)
    assert await store.load("ada") == "text"
    await store.record("a.1", "text")
    await store.save("ada", "new", "a.1")
    assert await store.load("ada") == "new"
    await store.aclose()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    database.close()
