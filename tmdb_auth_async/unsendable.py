"""What was asked and cannot be sent: looked at only once that has failed, so that what can be costs nothing."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from .errors import NotConfigured
from .values import Request, shown_path

MISTAKES = (TypeError, AttributeError, RecursionError)
"""What sending ends in that was given something of the wrong kind."""

_JSON = "it may hold dicts with texts as keys, lists, texts, numbers, True, False and None, not too deep in each other"


def unsendable(method: object, path: object, *, params: object, json: object) -> NotConfigured | None:
    """Return the error for a request that is not one for its *method*, *path*, *params* or *json*, else `None`."""
    if not isinstance(method, str) or not isinstance(path, str):
        return NotConfigured("this request is not sent: its method and its path must be texts, such as GET, /3/account")
    if params is not None and not isinstance(params, Mapping):
        return NotConfigured(
            f"params must be a mapping of names to values, such as a dict, not a {type(params).__name__}; write values"
            " that share a name as one, such as with_genres=1,2"
        )
    return None if _is_json(json) else NotConfigured(f"this json is not sent: {_JSON}")


def unaskable(call: object) -> NotConfigured | None:
    """Return the error for a *call* that is none, or was made with what cannot be sent, else `None`."""
    request: object = getattr(call, "request", None)
    if not isinstance(request, Request):
        return NotConfigured(f"ask takes a call, such as tmdb.delete_session(session_id), not a {type(call).__name__}")
    odd = unsendable(request.method, request.path, params=request.params, json=request.json)
    fills: Mapping[str, object] = request.fills or {}
    if odd is None and all(isinstance(text, str) for text in fills.values()):
        return None
    return NotConfigured(
        f"{request.method} {shown_path(request.path)}: this call is not sent: ids, tokens, names and passwords must be"
        f" texts; as for its JSON, {_JSON}"
    )


def _is_json(json: object) -> bool:
    try:
        jsonlib.dumps(json)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
