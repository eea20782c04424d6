"""Where a request is sent, and what with it: path, query, body and its headers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as _text
from urllib.parse import quote, urlencode

from ..errors import NotConfigured
from ..values import JSON, Request, Scalar, shown_path

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_PLAIN = re.compile(r"/[A-Za-z0-9/_.~-]*").fullmatch
"""Whether a path may be sent as it is."""

_FEW = 4
"""Up to how many texts an object is put together piece by piece."""

SAFE_PATH = "/%:@!$&'()*+,;=~-._"
"""What a path may hold unquoted beside letters and digits."""

_NO_SEGMENTS = ("", ".", "..")
"""What in a path would lead to another."""

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def target(path: str, fills: Mapping[str, str] | None = None, params: Mapping[str, Scalar] | None = None) -> str:
    """Return the path and query that a request is sent to, placeholders filled and everything quoted.

    Raises `NotConfigured` for a placeholder filled in with what leads to another path.
    """
    if fills:
        template = path
        for name, value in fills.items():
            if value in _NO_SEGMENTS:
                message = f"{shown_path(template)}: an empty text, . or .. is no {name.replace('_', ' ')}: give the id"
                raise NotConfigured(message)
            path = path.replace("{" + name + "}", quote(value, safe=""))
    if not params and _PLAIN(path):
        return path
    if path[:1] != "/":
        raise ValueError  # it would go on with the host's name: to another host
    path = quote(path, safe=SAFE_PATH)
    return f"{path}?{urlencode(query(params))}" if params else path


def query(params: Mapping[str, Scalar]) -> dict[str, str]:
    """Return *params* as texts, without those that are `None`."""
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def content(request: Request) -> tuple[bytes | None, str | None]:
    """Return the body of *request* and its media type."""
    if request.json is not None:
        return _json_text(request.json).encode(), _JSON
    if request.form is not None:
        return urlencode(request.form).encode(), _FORM
    return None, None


def _json_text(value: JSON) -> str:
    if not isinstance(value, dict) or not 0 < len(value) <= _FEW:
        return _encode(value)
    text = ""  # what every login sends: texts, of which no encoder is built
    for name, item in value.items():
        if type(name) is not str or type(item) is not str:
            return _encode(value)
        text += f",{_text(name)}:{_text(item)}"
    return f"{{{text[1:]}}}"
