"""TMDB's status codes: which of our errors each one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import (
    AccountUnavailable,
    AppCredentialRefused,
    AuthError,
    LoginRefused,
    NotApproved,
    PermissionDenied,
    RateLimited,
    Refused,
    RequestTokenInvalid,
    SessionNotFound,
)
from ..service import down, fallback, quoted, retry_after_s, say, shown
from ..values import JSON, Call, Response

# Source: https://developer.themoviedb.org/docs/errors, the codes 1 to 47.
SUCCESS = frozenset({1, 12, 13, 40})
"""Done, updated, deleted, nothing to update."""

DOWN = frozenset({9, 11, 15, 24, 43, 46})
"""The service or its back end is in trouble."""

NOT_FOUND = frozenset({6, 34})
"""Unknown id or resource: what that means depends on the call."""

REFUSALS: Mapping[int, type[Refused]] = {
    7: AppCredentialRefused,
    10: AppCredentialRefused,
    26: LoginRefused,
    30: LoginRefused,
    31: AccountUnavailable,
    32: AccountUnavailable,
    45: AccountUnavailable,
    33: RequestTokenInvalid,
    35: RequestTokenInvalid,
    25: RateLimited,
    17: NotApproved,
    41: NotApproved,
    3: PermissionDenied,
    14: PermissionDenied,
    16: PermissionDenied,
    36: PermissionDenied,
    38: PermissionDenied,
    39: PermissionDenied,
    37: SessionNotFound,
}
"""The codes that have an error of their own; what any other means is left to the HTTP status."""

KNOWN = range(1, 48)
"""The codes that TMDB documents: they are told, whatever a request holds."""

_ADVICE: Mapping[type[Refused], str] = {
    AppCredentialRefused: "check the app's read access token or API key",
    LoginRefused: "check the username and password; accounts with two-factor need another approval",
    AccountUnavailable: "the user must put the account in order at TMDB",
    RequestTokenInvalid: "begin a new login",
    NotApproved: "the user must approve the request token first",
    PermissionDenied: "use a session or token that may do this",
    SessionNotFound: "the session is gone: open a new one",
}

_DEAD = frozenset({None, 3, 7, 14, 17, 34, 35, 37})
_UNAUTHORIZED = 401
_ERRORS_FROM = 400
_TOO_MANY = 429
_DOWN_FROM = 500


def complaint(call: Call[Any], response: Response, body: JSON) -> AuthError | None:
    """Return the error *body* stands for: its code decides before the HTTP status; `None` when it is an answer."""
    fields: Mapping[str, JSON] = body if isinstance(body, dict) else {}
    code = fields.get("status_code")
    if type(code) is not int:
        failed = response.status >= _ERRORS_FROM or fields.get("success") is False or fields.get("failure") is True
        return fallback(call, response) if failed else None
    if code in SUCCESS:
        return None
    request, status = call.request, response.status
    words = fields.get("status_message")
    words = words if isinstance(words, str) else ""
    told = code if code in KNOWN else shown(code, request)
    kind = call.not_found if code in NOT_FOUND else REFUSALS.get(code, Refused)
    if kind is Refused and status == _TOO_MANY:
        kind = RateLimited
    if code in DOWN or (kind is Refused and status >= _DOWN_FROM):
        return down(request, response, code=told, words=words)
    said = quoted(words, request) or "no reason given"
    if kind is RateLimited:
        return RateLimited(
            f"{say(request)}: {said}; ask less often",
            status=status,
            code=told,
            retry_after_s=retry_after_s(response),
        )
    advice = f"; {_ADVICE[kind]}" if kind in _ADVICE else ""
    return kind(f"{say(request)}: {said}{advice}", status=status, code=told)


def is_dead(error: Refused) -> bool:
    """Say whether a request signed by a session was refused because the session is over."""
    return error.status == _UNAUTHORIZED and error.code in _DEAD
