"""Which texts of a request may be secret: those in it, and those inside of what is encoded in it."""

from __future__ import annotations

import json
import re
from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import cast
from urllib.parse import unquote_plus

from ..values import LOOKS_SECRET, Request

_MOST_SIGNS = 4 * 1024
_MOST_TEXTS = 64
_MOST_PARTS = 2000
_MOST_BITS = 4096

_TELLING_DIGITS = 4
"""A number of fewer digits tells nothing: it is a page, a rating, a count."""

_TELLING_CLAIM = 10
"""A text inside of an encoded one that is shorter is a word of its format, such as `JWT` or `api_read`."""

_NAME = re.compile(r"[a-z]{1,12}(?:[_A-Z][a-z]{1,12})*")
"""How the fields of a body are called: `request_token`, `loginName`. What reads otherwise may be a secret."""

_SCHEMES = frozenset({"basic", "bearer"})
_NOTHING_MORE = object()


class TooMuch(Exception):
    """A request holds more than can be looked at."""


def secret_texts(request: Request, *also: str) -> set[str]:
    """Return every text of *request* that may be secret, and *also*; raises `TooMuch`."""
    found: set[str] = set()
    signs = 0
    for text in chain(_texts(request), also):
        for one in _opened(text):
            if one and one not in found:
                signs += len(one)
                if signs > _MOST_SIGNS or len(found) == _MOST_TEXTS:
                    raise TooMuch
                found.add(one)
    return found


def _texts(request: Request) -> Iterator[str]:
    """Yield what stands in the path, the body, the query and the credential."""
    if len(request.path) > _MOST_SIGNS:
        raise TooMuch
    yield from LOOKS_SECRET.findall(request.path)
    for value in (request.json, request.form, request.fills, request.params):
        yield from _leaves(value)
    scheme, _, proof = (request.authorization or "").partition(" ")
    if scheme.lower() not in _SCHEMES:
        yield request.authorization or ""
    if scheme.lower() != "basic":
        yield proof
    else:
        yield f"{proof}\n"  # not opened as other texts are: who it is that proves something is public
        password = (_decoded(proof) or "").partition(":")[2]
        yield from (password, unquote_plus(password))


def _leaves(value: object) -> Iterator[str]:
    """Yield the texts and the telling numbers of *value*, and its names that are no field's; raises `TooMuch`."""
    waiting: list[Iterator[object]] = [iter((value,))]
    for _ in range(_MOST_PARTS):
        part = next(waiting[-1], _NOTHING_MORE)
        if part is _NOTHING_MORE:
            waiting.pop()
            if not waiting:
                return
        elif isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            mapping = cast("Mapping[object, object]", part)
            waiting += [map(_unusual, mapping), iter(mapping.values())]
        elif isinstance(part, Sequence):
            waiting.append(iter(cast("Sequence[object]", part)))
        elif isinstance(part, int | float) and not isinstance(part, bool):
            yield _telling(part)
    raise TooMuch


def _unusual(name: object) -> object:
    usual = isinstance(name, str) and (len(name) < _TELLING_DIGITS or _NAME.fullmatch(name))
    return None if usual else name


def _telling(number: float) -> str:
    """Write *number*, or nothing when it is too short to tell anything; raises `TooMuch`."""
    if isinstance(number, int) and number.bit_length() > _MOST_BITS:
        raise TooMuch
    text = str(number).removeprefix("-").removesuffix(".0")
    return text if len(text) >= _TELLING_DIGITS else ""


def _opened(text: str) -> Iterator[str]:
    """Yield *text*, and what stands inside of it if it is base64 or a JWT: texts in JSON, or one text."""
    yield text
    for part in text.split(".", 4):
        inside = _decoded(part)
        if inside is None:
            continue
        try:
            leaves = list(_leaves(json.loads(inside)))
        except (ValueError, RecursionError):
            leaves = [inside]
        yield from (leaf for leaf in leaves if len(leaf) >= _TELLING_CLAIM)


def _decoded(text: str) -> str | None:
    """Return the words that *text* is the base64 of, if it is."""
    standard = text.translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        words = a2b_base64(standard + "=" * (-len(standard) % 4), strict_mode=True).decode()
    except ValueError:
        return None
    return words if words.replace("\n", " ").isprintable() else None
