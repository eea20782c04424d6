"""A program that proves who it is by a private key."""

from __future__ import annotations

import time
from os import PathLike
from pathlib import Path
from typing import Any

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


@value
class PrivateKeyJWT(Sealed):
    """An app credential by a service account's key file, as ZITADEL gives it out.

    The file is read, and its key used, in a thread, each time a token is fetched: when
    first needed, and again before its end. Fetching raises `NotConfigured` for a file
    that cannot be used or that others can read and where the extra `zitadel` is
    missing, and `AppCredentialRefused`.
    """

    key_file: str | PathLike[str]

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
