"""Session values, and logins half done, as versioned texts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Self, TypeGuard

from cattrs import Converter

from .errors import NotConfigured
from .options import is_unicode
from .ports import Durable, HalfLogin
from .sealed import Sealed
from .values import JSON, SessionValue

_HOOKS = ("dump", "load", "close")
_HALF_HOOKS = ("dump", "load", "complete")

_HOMES = ("credentials", "strategies.chain", "strategies.v4_conversion", "tmdb.halfway", "tmdb.sessions")
"""Where our own values live, which a program that meets one may not have needed so far."""

VERSION = 1
"""The version that is written; others are refused, and left as they are."""


class Recorded(Sealed):
    """A value of ours that can be kept: an attrs class whose fields are what is kept of it."""

    __slots__ = ()

    def dump(self) -> Mapping[str, JSON]:
        """Return the fields as JSON."""
        fields: dict[str, JSON] = _converter.unstructure(self)
        return fields

    @classmethod
    def load(cls, data: Mapping[str, JSON], /) -> Self:
        """Make the value again from its fields."""
        return _converter.structure(data, cls)


def is_durable(value: object) -> TypeGuard[Durable]:
    """Say whether *value* brings the hook that dumps, loads and closes it, and so does its `source`, if it has one."""
    source = getattr(value, "source", None)
    return _has(value, _HOOKS) and (source is None or is_durable(source))


def to_text(value: SessionValue) -> str:
    """Write *value* as a text; raises `NotConfigured` when its class lacks the hook."""
    return json.dumps(_record(value), separators=(",", ":"))


def from_text(text: str) -> Durable:
    """Read a value that `to_text` wrote; raises `NotConfigured`, as `unreadable`, when this program cannot."""
    failure = NotConfigured("a stored session is damaged")
    try:
        record = json.loads(text)
        return _value(record)
    except NotConfigured as error:
        failure = error
    except Exception:  # noqa: BLE001, S110  # whatever is wrong with the text; the error's own words may show it
        pass
    failure.unreadable = True
    raise failure


def half_to_record(half: HalfLogin) -> dict[str, JSON]:
    """Write a login half done; raises `NotConfigured` when its class lacks the hook."""
    if not _has(half, _HALF_HOOKS):
        message = f"a {type(half).__name__} cannot be dumped: give it the methods dump, load and complete"
        raise NotConfigured(message)
    return _named(half, half.dump())


def half_from_record(record: Mapping[str, Any]) -> HalfLogin:
    """Read what `half_to_record` wrote; whatever is wrong with it is raised."""
    half: HalfLogin = _class(record, _HALF_HOOKS).load(record["data"])
    return half


def _record(value: SessionValue) -> dict[str, JSON]:
    if not is_durable(value):
        message = (
            f"a {type(value).__name__} cannot be stored: give it the methods dump, load and close (see ports.Durable)"
        )
        raise NotConfigured(message)
    return _named(value, value.dump())


def _value(record: Mapping[str, Any]) -> Durable:
    value: Durable = _class(record, _HOOKS).load(record["data"])
    return value


def _named(value: object, data: Mapping[str, JSON]) -> dict[str, JSON]:
    cls = type(value)
    return {"v": VERSION, "kind": f"{cls.__module__}:{cls.__qualname__}", "data": data}


def _class(record: Mapping[str, Any], hooks: tuple[str, ...]) -> Any:
    if (version := record["v"]) != VERSION:
        if not isinstance(version, int):
            raise TypeError  # not quoted: what is no number may be anything
        message = f"a stored session has version {version}, this release reads {VERSION}: upgrade"
        raise NotConfigured(message)
    module, _, name = record["kind"].partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), *name.split("."))):
        raise ValueError  # nor what is no name
    if module in {f"{__package__}.{home}" for home in _HOMES}:
        import_module(module)
    cls: Any = sys.modules.get(module)
    for part in name.split("."):
        cls = getattr(cls, part, None)
    if not _has(cls, hooks):
        message = f"a stored session is a {name} of {module}: import that module before you use the store"
        raise NotConfigured(message)
    return cls


def _has(value: object, hooks: tuple[str, ...]) -> bool:
    return all(callable(getattr(value, hook, None)) for hook in hooks)


def _read_text(text: object, _: object) -> str:
    if not isinstance(text, str):
        raise TypeError  # cattrs would make a text of anything, None included
    if not is_unicode(text):
        raise ValueError  # JSON can hold it, and no request can send it
    return text


def _read_time(text: Any, _: object) -> datetime:  # cattrs hands what the JSON holds
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at


def _read_value(record: Any, _: object) -> SessionValue:  # cattrs hands what the JSON holds
    return _value(record)


def _read_half(record: Any, _: object) -> HalfLogin:  # cattrs hands what the JSON holds
    return half_from_record(record)


_converter = Converter()
_converter.register_unstructure_hook(datetime, datetime.isoformat)
_converter.register_structure_hook(str, _read_text)
_converter.register_structure_hook(datetime, _read_time)
_converter.register_unstructure_hook_func(lambda cls: cls is SessionValue, _record)
_converter.register_structure_hook_func(lambda cls: cls is SessionValue, _read_value)
_converter.register_unstructure_hook_func(lambda cls: cls is HalfLogin, half_to_record)
_converter.register_structure_hook_func(lambda cls: cls is HalfLogin, _read_half)
