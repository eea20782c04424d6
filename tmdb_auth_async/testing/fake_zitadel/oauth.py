"""The token endpoint and the document that tells where it is."""

import base64
import binascii
import hmac
from urllib.parse import unquote_plus

from ..messages import Answer, Incoming, json_answer
from .asked import wrong_host
from .assertions import asserted
from .people import Caller
from .state import ZitadelState

CLIENT_CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
API_SCOPE = "urn:zitadel:iam:org:project:id:zitadel:aud"
"""Without it a token is given out, but is not good for the instance's own API."""

_NEVER_CACHED = {"Cache-Control": "no-store"}


def discover(state: ZitadelState, incoming: Incoming) -> Answer:
    """GET /.well-known/openid-configuration."""
    return wrong_host(state, incoming) or json_answer(
        {
            "issuer": state.url,
            "token_endpoint": f"{state.url}/oauth/v2/token",
            "grant_types_supported": [CLIENT_CREDENTIALS, JWT_BEARER],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        }
    )


def give_token(state: ZitadelState, incoming: Incoming) -> Answer:
    """POST /oauth/v2/token, by client credentials or by an assertion; there are no refresh tokens."""
    lost = wrong_host(state, incoming)
    if lost is not None:
        return lost
    form = incoming.form
    grant = form.get("grant_type")
    if grant == CLIENT_CREDENTIALS:
        caller = _client(state, incoming)
        if caller is None:
            return _refused(401, "invalid_client", "client not found, or its secret is wrong")
    elif grant == JWT_BEARER:
        found = asserted(state, form.get("assertion", ""))
        if isinstance(found, str):
            return _refused(400, "invalid_grant", found)
        caller = found
    else:
        return _refused(400, "unsupported_grant_type", "this grant is not supported")
    token = state.new_access_token(caller, for_api=API_SCOPE in form.get("scope", "").split())
    body = {"access_token": token, "token_type": "Bearer", "expires_in": int(state.token_lifetime_s)}
    return json_answer(body, headers=_NEVER_CACHED)


def _client(state: ZitadelState, incoming: Incoming) -> Caller | None:
    """Return whose client id and secret the request brings, as HTTP Basic or in the form."""
    scheme, _, encoded = incoming.headers.get("Authorization", "").partition(" ")
    form = incoming.form
    pair = (form.get("client_id", ""), form.get("client_secret", ""))
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        pair = (unquote_plus(client_id), unquote_plus(secret))
    secret, caller = state.clients.get(pair[0], ("", None))
    return caller if hmac.compare_digest(secret.encode(), pair[1].encode()) else None


def _refused(status: int, error: str, description: str) -> Answer:
    return json_answer({"error": error, "error_description": description}, status=status, headers=_NEVER_CACHED)
