"""A service account's key file, which nobody but its owner may read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..errors import NotConfigured
from ..ownership import shared
from ..sealed import Sealed, secret, value

_MOST_BYTES = 64 * 1024


@value
class ServiceAccountKey(Sealed):
    """What a key file holds: whose key it is, under which id, and the private key as PEM."""

    user_id: str = secret()
    key_id: str = secret()
    key: str = secret()


def read_key_file(path: Path) -> ServiceAccountKey:
    """Read the key file at *path*; raises `NotConfigured` when that cannot be, or others can read it."""
    text = _private_text(path)
    try:
        fields: Any = json.loads(text)
        kind, parts = fields["type"], [fields["userId"], fields["keyId"], fields["key"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        kind, parts = None, []
    if kind != "serviceaccount" or not parts or not all(isinstance(part, str) and part for part in parts):
        message = f"{path} is not the key file of a service account: create a key of type JSON for it in ZITADEL"
        raise NotConfigured(message)
    return ServiceAccountKey(*parts)


def _private_text(path: Path) -> str:
    """Read a file that only its owner can read."""
    trouble = None
    text = ""
    try:
        with path.open("rb") as file:
            trouble = shared(path, os.fstat(file.fileno()), in_doubt="create a new key")
            if trouble is None:
                text = file.read(_MOST_BYTES).decode()
    except OSError as error:
        trouble = NotConfigured(
            f"{path} cannot be read ({type(error).__name__}): give the path of the service account's key file"
        )
    except UnicodeDecodeError:
        pass
    if trouble is not None:
        raise trouble
    return text
