"""A service account of the fake ZITADEL: a program that calls, by a secret or by a key."""

import json
import os
from pathlib import Path

import attrs

from .assertions import new_key
from .people import Caller
from .state import ZitadelState


@attrs.frozen(eq=False)
class Machine:
    """What a program needs to prove that it is this service account."""

    user_id: str
    client_id: str
    client_secret: str = attrs.field(repr=False, eq=False)  # else pytest tells it where two are compared
    _state: ZitadelState = attrs.field(repr=False, eq=False)
    _caller: Caller = attrs.field(repr=False, eq=False)

    def write_key_file(self, path: str | os.PathLike[str]) -> Path:
        """Make a key and write its file to *path*, for its owner alone; return the path.

        Needs the extra `zitadel` (`ImportError`, which says so). An account may have several keys.
        """
        pem, verify = new_key()
        key_id = self._state.new_id()
        self._state.keys[key_id, self.user_id] = (verify, self._caller)
        text = json.dumps({"type": "serviceaccount", "keyId": key_id, "key": pem, "userId": self.user_id})
        key_file = Path(path)
        key_file.unlink(missing_ok=True)
        with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return key_file
