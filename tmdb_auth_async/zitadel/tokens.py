"""Access tokens from the token endpoint: asked for with a grant, used as a bearer until they end."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..errors import AppCredentialRefused, Refused, Unreadable
from ..ports import Ask, Fetched
from ..sealed import Sealed, secret, value
from ..service import is_token
from ..signed import Signed, Signs
from ..values import JSON, JSON_ANSWER, Call, Request

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105  # a path, not a token
SCOPE = "openid urn:zitadel:iam:org:project:id:zitadel:aud"
"""What a token must be asked for, to be good for the instance's own API."""

_REFUSED = (400, 401)
_FOR_EVER_S = 1e12


@value
class AccessToken(Sealed, Signs):
    """A token that was fetched; nothing is assumed about how it looks."""

    token: str = secret()

    def put_on(self, signed: Signed, /) -> None:
        """Send the token as the bearer."""
        signed.authorization = f"Bearer {self.token}"


async def fetch_token(ask: Ask, grant: Mapping[str, str], *, authorization: str = "") -> Fetched:
    """Ask for an access token with *grant*: `POST /oauth/v2/token`.

    Whatever service it is asked of, 400 and 401 raise `AppCredentialRefused`.
    """
    form = {**grant, "scope": SCOPE}
    request = Request("POST", TOKEN_PATH, form=form, authorization=authorization, repeatable=True)
    try:
        answer = await ask(Call(request, JSON_ANSWER))
    except Refused as error:
        refusal = error
    else:
        return _read(answer)
    if refusal.status not in _REFUSED or isinstance(refusal, AppCredentialRefused):
        raise refusal
    message = f"{refusal.message}; check the client's id and secret, or its key file"
    raise AppCredentialRefused(message, status=refusal.status, code=refusal.code)


def _read(answer: JSON) -> Fetched:
    """Read the answer of RFC 6749, 5.1."""
    if isinstance(answer, Mapping):
        token, lifetime_s = answer.get("access_token"), _lifetime_s(answer.get("expires_in", math.inf))
        if isinstance(token, str) and is_token(token) and lifetime_s is not None:
            return Fetched(AccessToken(token), lifetime_s)
    message = f"POST {TOKEN_PATH}: the answer is not an access token: a field is missing or of the wrong type"
    raise Unreadable(message)


def _lifetime_s(told: JSON) -> float | None:
    """Return how long a token lives that is *told* to live so long, `None` for what is no number.

    One that is over as it comes, or within a second, is used until it is refused, as is one whose life
    is not told: else each request would ask for another.
    """
    if not isinstance(told, int | float) or isinstance(told, bool):
        return None
    return float(told) if 1 <= told <= _FOR_EVER_S else math.inf
