"""ZITADEL's complaints: which of our errors each one is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import (
    AccountUnavailable,
    AppCredentialRefused,
    AuthError,
    LoginRefused,
    PermissionDenied,
    RateLimited,
    Refused,
    SessionNotFound,
)
from ..service import down, quoted, retry_after_s, say, shown
from ..struck import secret_in, struck
from ..values import JSON, Call, Request, Response
from .envelopes import Complaint, read_complaint

# Ids, never texts, which are localised. Source: github.com/zitadel/zitadel, internal/command and internal/query.
REFUSALS: Mapping[str, type[Refused]] = {
    "COMMAND-3M0fs": LoginRefused,  # wrong password
    "EVENT-8isk2": LoginRefused,  # wrong TOTP
    "QUERY-Dfbg2": LoginRefused,  # unknown user
    "COMMAND-JLK35": AccountUnavailable,  # locked
    "COMMAND-SFA3t": AccountUnavailable,  # locked
    "SESSION-Gj4ko": AccountUnavailable,  # not active
    "QUERY-SFeaa": SessionNotFound,  # no such session
    "COMMAND-Flk38": SessionNotFound,  # no such session
    "COMMAND-Hewfq": SessionNotFound,  # terminated
    "COMMAND-Hkl3d": SessionNotFound,  # expired
}
"""The ids that have an error of their own; the others go by gRPC's code and the HTTP status."""

DOCUMENTED = frozenset({*REFUSALS, "COMMAND-sGr42", "AUTH-AWfge", "AUTH-7fs1e", "AUTHZ-cdgFk", "QUERY-dsfr3"})
"""The ids that are ZITADEL's own, whatever a request holds."""

_UNAUTHENTICATED, _PERMISSION_DENIED, _NOT_FOUND, _EXHAUSTED = 16, 7, 5, 8
_DOWN = frozenset({2, 4, 12, 13, 14, 15})
_REFUSING = frozenset({1, 3, 5, 6, 7, 8, 9, 10, 11, 16})

_NUMBERS = range(17)
"""All of gRPC's."""

# Source: https://grpc.github.io/grpc/core/md_doc_http-grpc-status-mapping.html, read backwards.
_BY_STATUS: Mapping[int, int] = {401: _UNAUTHENTICATED, 403: _PERMISSION_DENIED, 404: _NOT_FOUND, 429: _EXHAUSTED}

_ID = re.compile(r"[A-Z0-9]{1,12}-[A-Za-z0-9]{1,8}")
"""How ids of ZITADEL's own making look: they stay whole, whatever words of up to three signs a request holds."""

_ERRORS_FROM = 400
_TOO_MANY = 429
_DOWN_FROM = 500
_UNAUTHORIZED = 401

_ADVICE: Mapping[type[Refused], str] = {
    AppCredentialRefused: "check the token or key that signs",
    LoginRefused: "check the login name, the password and the code",
    AccountUnavailable: "an administrator must unlock or activate the user",
    PermissionDenied: "use the session's latest token, or a caller who may do this",
    SessionNotFound: "the session is gone: open a new one",
}


def complaint(call: Call[Any], response: Response, body: JSON) -> AuthError | None:
    """Return the error *body* stands for: its ids decide, then gRPC's code, then the HTTP status."""
    status = response.status
    if status < _ERRORS_FROM:
        return None
    said = read_complaint(body)
    if said.number is None and said.id is None and status not in _BY_STATUS:
        return None
    number = _BY_STATUS.get(status) if said.number is None else said.number
    request = call.request
    code = _code(said, request)
    kind = _kind(said, status, number)
    by_status = kind is Refused and number != _EXHAUSTED  # neither id nor number says what it means
    if number in _DOWN or ((by_status or number not in _REFUSING) and status >= _DOWN_FROM):
        return down(request, response, code=code, words=said.words)
    words = quoted(said.words, request) or "no reason given"
    if number == _EXHAUSTED or (by_status and status == _TOO_MANY):
        return RateLimited(
            f"{say(request)}: {words}; ask less often",
            status=status,
            code=code,
            retry_after_s=retry_after_s(response),
        )
    return kind(f"{say(request)}: {words}{_advice(kind, said, number, request)}", status=status, code=code)


def is_dead(error: Refused) -> bool:
    """Say whether a request signed by a session was refused because its token is no longer good."""
    return error.status == _UNAUTHORIZED


def _kind(said: Complaint, status: int, number: int | None) -> type[Refused]:
    """Return the error for a refusal: a bearer or a right that is missing goes before every id."""
    if _UNAUTHENTICATED in (number, _BY_STATUS.get(status)):
        return AppCredentialRefused
    if _PERMISSION_DENIED in (number, _BY_STATUS.get(status)):
        return PermissionDenied
    return REFUSALS.get(said.id or "", Refused)


def _code(said: Complaint, request: Request) -> int | str | None:
    """Return the code that is told: what the documents name, or holds no secret of *request*."""
    if said.id is None:
        return said.number if said.number is None or said.number in _NUMBERS else shown(said.number, request)
    if said.id in DOCUMENTED or (_ID.fullmatch(said.id) and not secret_in(said.id, request)):
        return said.id
    return struck(said.id, request)


def _advice(kind: type[Refused], said: Complaint, number: int | None, request: Request) -> str:
    count = shown(said.failed_attempts, request) if said.failed_attempts else None
    failed = f"; failed attempts so far: {count}" if count else ""
    if kind is Refused and number == _NOT_FOUND:
        return "; check the instance's host, and that the caller is a member of something there"
    return f"{failed}; {_ADVICE[kind]}" if kind in _ADVICE else ""
