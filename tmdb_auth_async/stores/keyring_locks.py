"""Files whose locks end with their process: who owns rows, who holds a name, whose turn it is at the keyring."""

from __future__ import annotations

import hashlib
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import AuthError, NotConfigured, TimedOut
from .private import FILE_MODE, private_folder

WAIT_S = 10.0
POLL_S = 0.01


class LockFiles:
    """The lock files of one service's keyring, as one owner has them; nothing secret is in them or in their names."""

    def __init__(self, folder: Path, service_name: str, owner: str) -> None:
        """Use *folder*, made unless it exists; raises `NotConfigured` where it cannot be."""
        private_folder(folder)
        self._folder = folder
        self._service = _digest(service_name)
        self._owner = owner
        self._life: FileLock | None = None
        self._held: dict[str, tuple[str, FileLock]] = {}

    def turn(self) -> FileLock:
        """Wait for this process's turn at the keyring and return the lock to release; raises `TimedOut`."""
        lock = self._locked("turn", WAIT_S)
        if lock is None:
            message = "another process is busy with the keyring: try again, or end that process"
            raise TimedOut(message)
        return lock

    def live(self) -> None:
        """Show that the owner lives, until it says otherwise or its process is over."""
        if self._life is None:
            self._life = self._locked(self._owner, 0)

    def end(self) -> None:
        """Say that the owner has nothing that others could recover."""
        if self._life is not None:
            self._path(self._owner).unlink(missing_ok=True)
            self._life.release()
            self._life = None

    def is_dead(self, owner: str) -> bool:
        """Tell whether *owner*, who is another, lives no more, and remove its file then."""
        if not self._path(owner).exists():
            return True
        lock = self._locked(owner, 0)
        if lock is None:
            return False
        self._path(owner).unlink(missing_ok=True)
        lock.release()
        return True

    def take(self, name: str, token: str) -> bool:
        """Take the lock *name* by *token*, unless another owner has it."""
        _, lock = self._held.get(name) or ("", self._locked(f"hold-{_digest(name)}", 0))
        if lock is None:
            return False
        self._held[name] = (token, lock)
        return True

    def drop(self, name: str, token: str) -> None:
        """Give the lock *name* back, if it is held by *token*."""
        held_by, lock = self._held.get(name, ("", None))
        if lock is not None and held_by == token:
            del self._held[name]
            lock.release()

    def _locked(self, what: str, timeout_s: float) -> FileLock | None:
        failure: AuthError
        lock = FileLock(self._path(what), mode=FILE_MODE, thread_local=False)
        try:
            lock.acquire(timeout=timeout_s, poll_interval=POLL_S)
        except Timeout:
            return None
        except OSError as error:
            failure = NotConfigured(f"a file in {self._folder} cannot be locked ({error.strerror}): make it writable")
        else:
            return lock
        raise failure

    def _path(self, what: str) -> Path:
        return self._folder / f"{self._service}-{what}.lock"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
