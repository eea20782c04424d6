"""Where a request is sent, and what with it: path, query, body and its headers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from ..unpacking import ACCEPTED
from ..values import Request, Scalar

_BARE = {"Accept-Encoding": ACCEPTED}
_JSON = {"Content-Type": "application/json", **_BARE}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", **_BARE}
_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*").fullmatch
"""Whether a text may stand in a path or a query as it is."""

SAFE_PATH = "/%:@!$&'()*+,;=~-._"
"""What a path may hold unquoted beside letters and digits."""

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def target(request: Request) -> str:
    """Return the path and query that *request* is sent to, placeholders filled and everything quoted."""
    path = request.path
    if request.fills:
        for name, value in request.fills.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
    if not _PLAIN(path):
        path = quote(path, safe=SAFE_PATH)
    if path[:1] != "/":
        raise ValueError  # it would go on with the host's name: to another host
    params = request.params
    if not params:
        return path
    if len(params) == 1:
        ((only, scalar),) = params.items()
        if isinstance(scalar, str) and _PLAIN(scalar) and _PLAIN(only):
            return f"{path}?{only}={scalar}"  # nine in ten queries: a session's id and nothing else
    return f"{path}?{urlencode(query(params))}"


def query(params: Mapping[str, Scalar]) -> dict[str, str]:
    """Return *params* as texts, without those that are `None`."""
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def content(request: Request) -> tuple[bytes | None, dict[str, str]]:
    """Return the body of *request* and the headers that go with it."""
    if request.json is not None:
        return _encode(request.json).encode(), _JSON
    if request.form is not None:
        return urlencode(request.form).encode(), _FORM
    return None, _BARE
