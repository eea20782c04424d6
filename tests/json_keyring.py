"""A keyring in a file, for tests: as plain as can be, shared by processes, and locked or broken on demand."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class JsonKeyring(KeyringBackend):
    """Keeps everything in the file *path*; raises *failure*, if it has one, whenever it is asked."""

    priority = 1

    def __init__(self, path: Path) -> None:
        """Use *path*, which need not exist."""
        super().__init__()  # type: ignore[no-untyped-call]  # keyring does not annotate its base class
        self.path = path
        self.failure: Exception | None = None
        self.threads: set[str] = set()
        self.longest = 0

    @property
    def entries(self) -> dict[str, str]:
        """Everything that is in it."""
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        """Give one entry."""
        self._asked()
        return self.entries.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write one entry."""
        self._asked()
        self.longest = max(self.longest, len(password))
        self._write({**self.entries, f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Remove one entry."""
        self._asked()
        entries = self.entries
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        self._write(entries)

    def _asked(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.failure is not None:
            raise self.failure

    def _write(self, entries: dict[str, str]) -> None:
        fresh = self.path.with_suffix(".fresh")
        fresh.write_text(json.dumps(entries), encoding="utf-8")
        fresh.replace(self.path)
