"""How the members of an answer become values. The door to cattrs."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from ..values import JSON

T = TypeVar("T")


class Reader:
    """Reads JSON into values; `camel` for protobuf's JSON: lowerCamelCase, and what is empty is left out, or null.

    `read_time` turns the service's way of writing a time into an aware UTC datetime.
    `status_decides` is false where an HTTP status of failure may come with an answer.
    `notes` are types that are only good to know: one that cannot be read is empty.
    """

    def __init__(
        self,
        *,
        read_time: Callable[[str], datetime],
        camel: bool = False,
        status_decides: bool = True,
        notes: tuple[type, ...] = (),
    ) -> None:
        """Prepare the converter once; hooks are compiled at first use."""
        self.status_decides = status_decides
        self._converter = Converter(detailed_validation=False)
        self._converter.register_structure_hook(str, _read_str)
        self._converter.register_structure_hook(bool, _read_bool)
        self._converter.register_structure_hook(int, _read_int)
        self._converter.register_structure_hook(bytes, _read_bytes)
        self._converter.register_structure_hook(datetime, _time_hook(read_time))
        self._camel = camel
        self._notes = notes
        self._converter.register_structure_hook_factory(attrs.has, self._object_hook)
        self._hooks: dict[object, Callable[[Any, Any], Any]] = {}
        self.absent: JSON = {} if camel else None
        """What a part of a body counts as that is not there."""

    def _object_hook(self, cls: Any) -> Callable[[Any, Any], Any]:  # cattrs hands any class
        names = {field.name: override(rename=_camel(field.name)) for field in attrs.fields(cls) if self._camel}
        read = make_dict_structure_fn(cls, self._converter, **names)  # type: ignore[arg-type]  # names never clash with its options

        def hook(body: Any, cls: Any) -> Any:  # as cattrs calls it
            if body.__class__ is not dict:
                raise TypeError  # a list or a text would pass for an object whose fields are all left out
            if self._camel and None in body.values():
                body = {name: found for name, found in body.items() if found is not None}
            return read(body, cls)

        def note(body: Any, cls: Any) -> Any:
            try:
                return hook(body, cls)
            except Exception:  # noqa: BLE001  # as in `read`
                return cls()

        return note if cls in self._notes else hook

    def read(self, body: JSON, answer: type[T]) -> T:
        """Read *body* into *answer*; whatever is wrong with it is raised by cattrs or the hooks."""
        hook = self._hooks.get(answer)
        if hook is None:
            hook = self._hooks[answer] = self._converter.get_structure_hook(answer)
        result: T = hook(body, answer)
        return result


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _read_str(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not value.isascii():
        value.encode()  # raises on half a surrogate pair, which JSON can hold and no request can send
    return value


def _read_bool(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _read_int(value: object, _: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _read_bytes(value: object, _: object) -> bytes:
    text = _read_str(value, str).replace("-", "+").replace("_", "/")
    return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)


def _time_hook(read_time: Callable[[str], datetime]) -> Callable[[object, object], datetime]:
    def hook(value: object, _: object) -> datetime:
        return read_time(_read_str(value, str))

    return hook
