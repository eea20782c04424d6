"""Where the SQLite file may be: which paths are none, and which lead nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tmdb_auth_async import NotConfigured
from tmdb_auth_async.stores import SQLiteStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its paths are those of POSIX")


async def test_a_link_to_nowhere_on_the_way_is_refused(tmp_path: Path) -> None:
    """A folder below a link that leads nowhere cannot be made, and is refused by name."""
    (tmp_path / "share").symlink_to(tmp_path / "not-there")
    store = SQLiteStore(tmp_path / "share" / "app" / "sessions.sqlite3")
    with pytest.raises(NotConfigured, match="cannot make the folder"):
        await store.save("ada", "text")
    assert not (tmp_path / "not-there").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a home where not even root can make a folder")
async def test_a_home_that_cannot_be_made_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place for this user's data the error names the folder that could not be made."""
    monkeypatch.setenv("HOME", "/proc/nope")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    with pytest.raises(NotConfigured, match="cannot make the folder /proc/nope"):
        await SQLiteStore().save("ada", "text")


def test_a_working_directory_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not whole means nothing in a folder that was deleted; a whole one does."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises(NotConfigured, match="whole path"):
        SQLiteStore("sessions.sqlite3")
    assert str(tmp_path) in repr(SQLiteStore(tmp_path / "sessions.sqlite3"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (":memory:", "MemoryStore"),
        ("file::memory:", "MemoryStore"),
        ("file:x?mode=memory&cache=shared", "MemoryStore"),
        ("file:x.db", "the path alone"),
        ("", "is empty"),
    ],
)
def test_what_only_sqlite_takes_for_a_database_is_refused(path: str, said: str) -> None:
    """It is told at once, before a file of that name is made; as a file's name a folder goes before it."""
    with pytest.raises(NotConfigured, match=said):
        SQLiteStore(path)
    assert repr(SQLiteStore(f"./{path or 'x'}")).startswith("SQLiteStore(")


@pytest.mark.parametrize("path", [5, b"canary", "canary\0", ["canary"]])
def test_what_is_no_path_is_refused(path: str) -> None:
    """A store is told at once that it was given no path; the error does not show what it was given."""
    with pytest.raises(NotConfigured, match="path of a file") as caught:
        SQLiteStore(path)
    assert "canary" not in str(caught.value)
