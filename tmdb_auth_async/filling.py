"""The ids that a session fills into the paths of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from .errors import NotConfigured
from .values import Call, Request, SessionValue, shown_path

T = TypeVar("T")


def filled(request: Request, value: SessionValue) -> Request:
    """Return *request* with the ids of *value* as its fills, each in the place that stands for it or holds it.

    Raises `NotConfigured` for a place that *value* has no id for.
    """
    known = _known(value)
    fills: dict[str, str] = {}
    path = request.path
    for name, text in known.items():
        if text:
            path = "/".join("{" + name + "}" if part == text else part for part in path.split("/"))
            if "{" + name + "}" in path:
                fills[name] = text
    bare = path
    for name in fills:
        bare = bare.replace("{" + name + "}", "")
    if "{" in bare:
        names = ", ".join("{" + name + "}" for name, text in known.items() if text) or "none"
        message = f"{shown_path(path)}: this session fills in {names} only; write other ids into the path"
        raise NotConfigured(message)
    return request.filled(path, fills)


def refilled(call: Call[T], before: SessionValue, now: SessionValue) -> Call[T]:
    """Return *call*, filled in for *before*, as a session that is now *now* sends it: with that one's ids."""
    fills = call.request.fills
    if not fills or before is now:
        return call
    old, new = _known(before), _known(now)
    fills = {name: (new.get(name) or text) if old.get(name) == text else text for name, text in fills.items()}
    return call.sending(call.request.filled(call.request.path, fills))


def _known(value: SessionValue) -> Mapping[str, str | None]:
    """Return the ids that *value* fills into paths, under the names that stand for them there."""
    own = {"session_id": getattr(value, "id", None), "account_id": getattr(value, "account_id", None)}
    known: Mapping[str, str | None] = getattr(value, "fills", own)
    return known
