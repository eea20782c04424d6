"""The entries of one service in the keyring of this user, and what its refusals mean; used in threads."""

from __future__ import annotations

import keyring
import keyring.backends.null
import keyring.errors

from ..errors import AuthError, NotConfigured


class Entries:
    """The keyring's entries under *service_name*; each step raises `NotConfigured` where the keyring refuses."""

    def __init__(self, service_name: str) -> None:
        """Use the keyring that is in force when it is needed."""
        self._service = service_name

    def get(self, entry: str) -> str | None:
        """Return the text of *entry*, or `None`."""
        failure: AuthError
        try:
            _check_enabled()
            return keyring.get_password(self._service, entry)
        except Exception as error:  # noqa: BLE001  # a backend raises what its system's libraries raise
            failure = _explained(error)
        raise failure

    def set(self, entry: str, text: str) -> None:
        """Write *text* into *entry*."""
        failure: AuthError
        try:
            keyring.set_password(self._service, entry, text)
        except Exception as error:  # noqa: BLE001  # as above
            failure = _explained(error)
        else:
            return
        raise failure

    def remove(self, entry: str) -> None:
        """Take *entry* out; one that is gone already, or stays, is no trouble: nothing names it any more."""
        failure: AuthError
        try:
            keyring.delete_password(self._service, entry)
        except keyring.errors.PasswordDeleteError:
            return
        except Exception as error:  # noqa: BLE001  # as above
            failure = _explained(error)
        else:
            return
        raise failure


def _check_enabled() -> None:
    if isinstance(keyring.get_keyring(), keyring.backends.null.Keyring):
        raise keyring.errors.NoKeyringError


def _explained(error: Exception) -> AuthError:
    if isinstance(error, keyring.errors.NoKeyringError):
        return NotConfigured("this machine has no keyring that works: install or start one, or use SQLiteStore")
    if isinstance(error, keyring.errors.KeyringLocked):
        return NotConfigured("the keyring is locked: unlock it and try again, or use SQLiteStore")
    if isinstance(error, keyring.errors.InitError):
        return NotConfigured("the keyring could not be opened: start it and try again, or use SQLiteStore")
    return NotConfigured(f"the keyring refused ({type(error).__name__}): unlock or repair it, or use SQLiteStore")
