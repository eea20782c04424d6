"""A program that proves who it is by a client id and a secret."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus

import attrs

from ..errors import NotConfigured
from ..options import check_text
from ..ports import Ask, Fetched
from ..sealed import Sealed, value
from .tokens import fetch_token


def _check(_: object, field: attrs.Attribute[Any], text: object) -> None:
    name = field.name.replace("_", " ")
    if not isinstance(text, str) or not text.strip():
        message = f"ClientCredentials needs a {name}: generate one for the service account"
        raise NotConfigured(message)
    check_text(f"the {name}", text)


@value
class ClientCredentials(Sealed):
    """An app credential by the client credentials grant, for a service account of ZITADEL.

    The token is fetched when first needed and renewed before its end. Raises
    `NotConfigured` for empty texts and for what is no Unicode; fetching raises `AppCredentialRefused`.
    """

    client_id: str = attrs.field(repr=False, validator=_check)
    client_secret: str = attrs.field(repr=False, validator=_check)

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Fetch an access token from the service at *url*."""
        del url
        # RFC 6749, 2.3.1: both are form-encoded before they become HTTP Basic's user and password.
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
        return await fetch_token(ask, {"grant_type": "client_credentials"}, authorization=authorization)
