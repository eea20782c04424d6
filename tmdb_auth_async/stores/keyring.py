"""Kept sessions and the journal in the keyring of the user's system: Keychain, Credential Manager, Secret Service."""

from __future__ import annotations

import asyncio
from typing import Any

from ..options import check_text
from .durable import DurableStore
from .extras import load_extra
from .link import Link
from .private import data_folder

CARE_S = 15.0
"""How long what failed may wait to be tried again; its leases are locks on files, which need no renewing."""


class KeyringStore(DurableStore):
    """Keeps sessions in the user's keyring, as entries of *service_name*.

    For the programs of one user on one machine that open sessions now and then: a
    keyring takes milliseconds for what a file does in microseconds, and may ask the user
    to unlock it. It is asked in a thread. Raises `NotConfigured` where it is locked or
    there is none. Needs the extra `keyring`.
    """

    def __init__(self, service_name: str = "tmdb_auth_async") -> None:
        """Use the entries of *service_name*, a text, else `NotConfigured`; the keyring is not opened yet."""
        super().__init__(lease_s=CARE_S)
        check_text("service_name", service_name)
        self._service_name = service_name

    def __repr__(self) -> str:
        """Tell the service's name."""
        return f"KeyringStore({self._service_name!r})"

    def _begin(self) -> None:
        super()._begin()
        self._locks: Any = None  # `LockFiles`, once its library is imported

    async def _open_link(self) -> Link:
        await load_extra("KeyringStore", "keyring", "keyring", "filelock", "platformdirs")
        from .keyring_link import KeyringLink
        from .keyring_locks import LockFiles
        from .keyring_vault import Vault

        if self._locks is None:
            folder = data_folder() / "locks"
            self._locks = await asyncio.to_thread(LockFiles, folder, self._service_name, self._owner)
        return KeyringLink(Vault(self._service_name), self._locks, self._owner)
