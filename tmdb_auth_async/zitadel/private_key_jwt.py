"""A program that proves who it is by a private key."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import attrs

from ..aside import aside
from ..errors import NotConfigured
from ..ports import Ask, Fetched
from ..sealed import Sealed, value
from .key_file import ServiceAccountKey, read_key_file
from .tokens import fetch_token

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

_AHEAD_S = 60
"""How far this machine's clock may be ahead of the service's, in seconds."""

_LIFE_S = 600
"""How long an assertion is good for, in seconds; it is used at once."""


_KEYS_BEGIN = ("{", "-----", "eyJ", "ewog", "LS0tLS")
"""How a key begins that is given in place of its file: as JSON, as PEM, and as base64 of these."""


def _check(_: object, __: object, key_file: Any) -> None:
    path: str | bytes = b""
    with suppress(TypeError):
        path = cast("str | bytes", os.fspath(key_file))
    if isinstance(path, bytes) or not path:
        message = "PrivateKeyJWT needs the path of the service account's key file, as a text or a Path"
        raise NotConfigured(message)
    if path.lstrip().startswith(_KEYS_BEGIN):
        message = "PrivateKeyJWT: that is the key itself: give the path of the file that it is in"
        raise NotConfigured(message)
    if any(sign in path for sign in "\0\r\n"):
        message = "PrivateKeyJWT: that is no path: give the path of the service account's key file, without line breaks"
        raise NotConfigured(message)


@value
class PrivateKeyJWT(Sealed):
    """An app credential by a service account's key file, as ZITADEL gives it out.

    The file is read, and its key used, in a thread, each time a token is fetched: when
    first needed, and again before its end. Raises `NotConfigured` for what is no path,
    such as the key itself. Fetching raises it for a file that cannot be used or that
    others can read and where the extra `zitadel` is missing, and `AppCredentialRefused`.
    """

    key_file: str | os.PathLike[str] = attrs.field(validator=_check)

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Fetch an access token from the service at *url*, which is also the assertion's audience."""
        assertion = await aside(lambda: _assertion(read_key_file(Path(self.key_file)), url))
        return await fetch_token(ask, {"grant_type": GRANT, "assertion": assertion})


def _assertion(account: ServiceAccountKey, audience: str) -> str:
    """Sign who *account* is, for *audience*."""
    jwt = _pyjwt()
    now = int(time.time())
    claims = {
        "iss": account.user_id,
        "sub": account.user_id,
        "aud": audience,
        "iat": now - _AHEAD_S,
        "exp": now + _LIFE_S,
    }
    try:
        signed: str = jwt.encode(claims, account.key, algorithm="RS256", headers={"kid": account.key_id})
    except NotImplementedError:
        trouble = _EXTRA
    except Exception:  # noqa: BLE001  # whatever PyJWT makes of a key; its text may show it
        trouble = "the key in the key file is not a private RSA key in PEM: create a new one in ZITADEL"
    else:
        return signed
    raise NotConfigured(trouble)


_EXTRA = "PrivateKeyJWT needs the extra zitadel: pip install 'tmdb-auth-async[zitadel]'"


def _pyjwt() -> Any:
    """Return PyJWT; raises `NotConfigured` where the extra is missing."""
    try:
        import jwt
    except ImportError:
        jwt = None  # type: ignore[assignment]  # said below
    if jwt is None:
        raise NotConfigured(_EXTRA)
    return jwt
