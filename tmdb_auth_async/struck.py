"""Strike the secrets of a request out of words that somebody else chose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote, quote_plus

from .values import Request

_LONGEST = 300
_MARK = "•••"


def struck(words: str, request: Request, *also: str) -> str:
    """Return *words* without any secret of *request* or in *also*, on one line of at most 300 characters."""
    secrets = {form for text in (*_texts(request), *also) if text for form in _forms(text)}
    for text in sorted(secrets, key=len, reverse=True):
        words = words.replace(text, _MARK)
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def _forms(text: str) -> tuple[str, ...]:
    escaped = json.dumps(text)[1:-1]
    text_of_unicode = text.encode(errors="replace").decode()  # quote() raises on half a surrogate pair, and shows it
    return text, quote(text_of_unicode, safe=""), quote(text_of_unicode), quote_plus(text_of_unicode), escaped


def _texts(request: Request) -> Iterator[str]:
    """Yield every text of *request* that may be secret: its body, its query, its fills, its credential."""
    yield from _leaves(request.json)
    for mapping in (request.form, request.fills, request.params):
        yield from _leaves(mapping)
    if request.authorization:
        yield request.authorization
        yield request.authorization.partition(" ")[2]


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in cast("Mapping[object, object]", value).values():
            yield from _leaves(part)
    elif isinstance(value, Sequence):
        for part in cast("Sequence[object]", value):
            yield from _leaves(part)
