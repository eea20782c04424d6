"""The way back from TMDB's approval page: an address that only this login knows, and what it is called with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

from .flow import Flow

PARAM = "tmdb_login"
"""The parameter that carries our own value: TMDB passes no `state`, and neither may it clash with the caller's."""

_BYTES = 32


class Said(Enum):
    """What the user said, as far as the redirect tells."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


def unguessable() -> str:
    """Return a fresh value of 256 random bits that may stand in any part of a URL."""
    return token_urlsafe(_BYTES)


def bound(url: str, state: str) -> str:
    """Return *url* with our own value *state* in its query."""
    address, mark, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{PARAM}={quote(state, safe='')}{mark}{fragment}"


def said(query: Mapping[str, str], flow: Flow[Any], *, state: str, request_token: str) -> Said | None:
    """Return what the user said; `None` when *query* is not this login's.

    It is by our own value and, where the redirect brings it back, the request token;
    both are compared in constant time. v4 redirects carry nothing that is documented,
    so nothing of them is needed.
    """
    ours = _same(query.get(PARAM), state)
    if flow.returns_token:
        ours = _same(query.get("request_token"), request_token) and ours
    if not ours:
        return None
    if query.get("denied") == "true":
        return Said.NO
    return Said.YES if query.get("approved") == "true" else Said.NOTHING


def _same(found: str | None, wanted: str) -> bool:
    return compare_digest((found or "").encode(errors="replace"), wanted.encode())
