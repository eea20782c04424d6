"""What lies in files: for nobody but its user, as long as it is of use, and nowhere but in the store."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest

from tmdb_auth_async import NotConfigured, Password, RequestTokenLogin, SessionStore, V4Conversion, V4Login
from tmdb_auth_async.stores import KeyringStore, SQLiteStore

from .canaries import PASSWORD, USERNAME, Canaries, plant
from .file_modes import PRIVATE, modes
from .json_keyring import JsonKeyring
from .secret_flows import Stage, served, staged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX modes")

RING = "keyring.json"
"""Stands for the system's own keyring, which is where secrets may be."""


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know every secret that this test's fakes hand out."""
    return plant(monkeypatch)


@pytest.fixture
def _ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use a keyring in a file, and a folder of this test's for user data."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    before = keyring.get_keyring()
    keyring.set_keyring(JsonKeyring(tmp_path / RING))
    yield
    keyring.set_keyring(before)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Make files as a program does whose umask that is."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def files_in(folder: Path) -> list[Path]:
    """List the files that lie in *folder*, however deep, but for the keyring."""
    return [file for file in folder.rglob("*") if file.is_file() and file.name != RING]


def told(folder: Path, canaries: Canaries) -> set[str]:
    """Return which secrets lie in the files of *folder*, by their names too."""
    everything = b"".join(file.read_bytes() + str(file).encode() for file in files_in(folder))
    return {secret for secret in canaries.secrets if secret.encode() in everything}


async def both_logins(stage: Stage, meanwhile: Callable[[], object]) -> None:
    """Keep a session by password and one that is of v3 and v4, look at what lies there *meanwhile*, and log out."""
    manager = stage.manager
    await manager.login(RequestTokenLogin(Password(USERNAME, PASSWORD)), name="v3")
    await manager.login(V4Conversion(V4Login(stage.approving())), name="both")
    async with manager.session(RequestTokenLogin(Password(USERNAME, PASSWORD))):
        meanwhile()
    await manager.logout("v3")
    await manager.logout("both")


async def test_who_logged_out_leaves_nothing_in_the_file(canaries: Canaries, tmp_path: Path) -> None:
    """A session's secrets lie in files of mode 0600 while it is open, and nowhere once all is closed."""
    kept: list[set[str]] = []

    def look() -> None:
        kept.append(told(tmp_path, canaries))
        assert modes(tmp_path, but=RING) == PRIVATE

    with umask(0):
        async with served() as fake:
            store = SQLiteStore(tmp_path / "made" / "sessions.db")
            async with staged(canaries, fake, store=store) as stage:
                await both_logins(stage, look)
            assert not fake.sessions | fake.access_tokens
    assert len(kept[0]) == 4  # three session ids and an access token: no password, no name, no request token
    assert not kept[0] & {USERNAME, PASSWORD, fake.read_access_token, fake.api_key}
    assert files_in(tmp_path)
    assert not told(tmp_path, canaries)


@pytest.mark.usefixtures("_ring")
async def test_a_keyring_has_no_secret_beside_it(canaries: Canaries, tmp_path: Path) -> None:
    """Its lock files are 0600 in a folder of 0700, whatever the umask, and hold and name nothing."""
    looked: list[set[str]] = []

    def look() -> None:
        looked.append(told(tmp_path, canaries))
        assert modes(tmp_path, but=RING) == PRIVATE
        assert files_in(tmp_path)

    with umask(0):
        async with served() as fake, staged(canaries, fake, store=KeyringStore()) as stage:
            await both_logins(stage, look)
    assert looked == [set()]
    assert not told(tmp_path, canaries)


async def refusal(store: SessionStore) -> str:
    """Use *store* in vain, and return what it says."""
    with pytest.raises(NotConfigured) as refused:
        await store.save("ada", PASSWORD)
    await store.aclose()
    return str(refused.value)


@pytest.mark.usefixtures("_ring")
async def test_locks_that_anybody_may_replace_are_refused(tmp_path: Path) -> None:
    """A folder for lock files that others may write into is not used, as it is not for a file."""
    folder = tmp_path / "data" / "tmdb_auth_async" / "locks"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert "chmod o-w" in await refusal(KeyringStore())
    assert not files_in(tmp_path)


@pytest.mark.usefixtures("_ring")
async def test_a_lock_file_that_others_can_read_holds_nothing(canaries: Canaries, tmp_path: Path) -> None:
    """One that was there before, with whatever mode, is locked and stays empty."""
    async with served() as fake:
        async with staged(canaries, fake, store=KeyringStore()) as stage:
            await stage.manager.names()
        (before,) = files_in(tmp_path)
        before.chmod(0o666)
        async with staged(canaries, fake, store=KeyringStore()) as stage:
            await both_logins(stage, lambda: None)
    assert before.exists()
    assert not any(file.stat().st_size for file in files_in(tmp_path))


async def test_a_file_that_was_opened_up_meanwhile_is_refused(tmp_path: Path) -> None:
    """Whoever gives others a right to the file is told at the next opening, and nothing more is written into it."""
    path = tmp_path / "sessions.db"
    store = SQLiteStore(path)
    await store.save("ada", "text")
    await store.aclose()
    path.chmod(0o644)
    before = path.read_bytes()
    assert "chmod 600" in await refusal(SQLiteStore(path))
    assert "chmod 600" in await refusal(store)
    assert path.read_bytes() == before
    assert [file.name for file in files_in(tmp_path)] == [path.name]


async def test_a_long_text_that_was_deleted_is_overwritten(tmp_path: Path) -> None:
    """A session value of somebody's own may fill pages of the file, which are then free, and empty."""
    store = SQLiteStore(tmp_path / "sessions.db")
    await store.record("a.1", "canary" * 1000)
    await store.save("ada", "canary" * 1000, "a.1")
    await store.save("bob", "harmless" * 1000)
    await store.delete("ada")
    await store.aclose()
    assert b"harmless" in (tmp_path / "sessions.db").read_bytes()
    assert b"canary" not in (tmp_path / "sessions.db").read_bytes()
