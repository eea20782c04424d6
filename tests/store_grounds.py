"""The grounds on which store objects meet: one file, one keyring, one Redis, shared by processes too."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import keyring

from tmdb_auth_async import SessionStore
from tmdb_auth_async.stores import KeyringStore, MemoryStore, RedisStore, SQLiteStore

from .json_keyring import JsonKeyring

ROOT = Path(__file__).parents[1]
LEASE_S = 2.0
"""How long tests wait for a dead owner on a server, which cannot see processes."""


@attrs.frozen
class Ground:
    """A kind of store and where it keeps things: the folder of a test, or a server's URL."""

    kind: str
    place: str
    prefix: str = attrs.Factory(lambda: f"test-{uuid.uuid4().hex}")

    def store(self) -> SessionStore:
        """Make one more store object that shares what the others on this ground keep."""
        if self.kind == "memory":
            return MemoryStore()
        if self.kind == "sqlite":
            return SQLiteStore(Path(self.place) / "sessions.sqlite3")
        if self.kind == "keyring":
            return KeyringStore(self.prefix)
        return RedisStore(self.place, prefix=self.prefix, lease_s=LEASE_S)

    def enter(self) -> None:
        """Let this process use the ground's keyring, if it has one, and keep user data there."""
        if self.kind == "keyring":
            os.environ["XDG_DATA_HOME"] = self.place
            keyring.set_keyring(JsonKeyring(Path(self.place) / "keyring.json"))

    @contextmanager
    def child(self, action: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run an action of tests/store_child.py in a process of its own, which is killed afterwards."""
        command = [sys.executable, "-W", "error", "-m", "tests.store_child"]
        given = [self.kind, self.place, self.prefix, action, *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen([*command, *given], cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            try:
                yield process
            finally:
                process.kill()


async def claimed(store: SessionStore, prefix: str = "") -> list[str]:
    """Name the rows that *store* gets when it claims."""
    return [key for key, _ in await store.claim_orphans(prefix)]


def line_of(process: subprocess.Popen[str]) -> str:
    """Wait for the next line that a child prints; what it complained of instead is the error."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        _, complaint = process.communicate(timeout=10)
        message = f"the child ended with {process.returncode}: {complaint}"
        raise AssertionError(message)
    return line
