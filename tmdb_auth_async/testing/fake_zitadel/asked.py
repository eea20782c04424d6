"""Requests whose bearer was checked, in either of the two envelopes, and the fields they bring."""

from collections.abc import Callable, Mapping
from typing import cast

import attrs

from ..messages import Answer, Incoming, json_answer
from ..routes import Handler
from .complaints import Complaint, Envelope
from .people import Caller
from .state import ZitadelState

Fields = Mapping[str, object]

_NO_FIELDS: Fields = {}


@attrs.frozen
class Asked:
    """A request of a known caller: its fields are those of the body, the query and the path together."""

    state: ZitadelState = attrs.field(repr=False)
    caller: Caller = attrs.field(repr=False)
    fields: Fields = attrs.field(repr=False)


def text(fields: Fields, name: str) -> str | None:
    """Return a field that is a string or not there; protobuf's JSON takes snake_case as well as lowerCamelCase."""
    value = _value(fields, name)
    if value is not None and not isinstance(value, str):
        raise Complaint(3, f"invalid value for string field {name}")
    return value or None


def message(fields: Fields, name: str) -> Fields | None:
    """Return a field that is an object or not there."""
    value = _value(fields, name)
    if value is not None and not isinstance(value, dict):
        raise Complaint(3, f"unexpected token for field {name}")
    return cast("Fields | None", value)


def messages(fields: Fields, name: str) -> list[Fields]:
    """Return a field that is a list of objects or not there."""
    value = _value(fields, name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in cast("list[object]", value)):
        raise Complaint(3, f"unexpected token for field {name}")
    return cast("list[Fields]", value)


def number(fields: Fields, name: str) -> int:
    """Return a field that is a whole number, written as one or as a string; 0 when it is not there."""
    value = _value(fields, name) or 0
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Complaint(3, f"invalid value for integer field {name}")
    return value


def rest(handle: Callable[[Asked], object], *, status: int = 200) -> Handler[ZitadelState]:
    """Let *handle* answer a REST path."""
    return _handler(handle, "rest", status)


def connect(handle: Callable[[Asked], object]) -> Handler[ZitadelState]:
    """Let *handle* answer a path of the Connect protocol, by unary JSON."""
    return _handler(handle, "connect", 200)


def wrong_host(state: ZitadelState, incoming: Incoming) -> Answer | None:
    """Answer a request for a host that is not a domain of this instance."""
    host = incoming.headers.get("Host", "").rpartition("@")[2]
    if host.partition(":")[0].casefold() in state.domains:
        return None
    words = f"unable to set instance: Instance not found; this fake's domain is {', '.join(sorted(state.domains))}\n"
    return Answer(404, words.encode(), "text/plain; charset=utf-8")


def _handler(handle: Callable[[Asked], object], envelope: Envelope, status: int) -> Handler[ZitadelState]:
    def answer(state: ZitadelState, incoming: Incoming) -> Answer:
        lost = wrong_host(state, incoming)
        if lost is not None:
            return lost
        try:
            named = {"sessionId": incoming.ids["session_id"]} if incoming.ids else incoming.ids
            asked = Asked(state, _caller(state, incoming), {**_fields(incoming), **incoming.query, **named})
            return json_answer(handle(asked), status=status)
        except Complaint as complaint:
            return complaint.answer(envelope)

    return answer


def _caller(state: ZitadelState, incoming: Incoming) -> Caller:
    if not incoming.headers.get("Authorization"):
        raise Complaint(16, "auth header missing")
    caller = state.caller(incoming.bearer or "")
    if caller is None:
        raise Complaint("AUTH-7fs1e")
    return caller


def _fields(incoming: Incoming) -> Fields:
    if not incoming.body:
        return _NO_FIELDS
    try:
        fields = incoming.json()
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise Complaint(3, "syntax error: the body is not a JSON object")
    return cast("Fields", fields)


def _value(fields: Fields, name: str) -> object:
    if name in fields:
        return fields[name]
    return fields.get("".join(f"_{char.lower()}" if char.isupper() else char for char in name))
