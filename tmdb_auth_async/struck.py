"""Strike the secrets of a request out of words that somebody else chose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import cast
from urllib.parse import quote, quote_plus

from .values import LOOKS_SECRET, Request

_LONGEST = 300
_LONGEST_READ = 4096
_MARK = "•••"
_TELLING = 12
"""How many characters of a secret in a row are too many to be shown."""


def struck(words: str, request: Request, *also: str) -> str:
    """Return *words* without any secret of *request* or in *also*, on one line of at most 300 characters.

    Upper and lower case are one, and of a secret that is not quoted whole no twelve characters in a row are left.
    """
    secrets = {_lower(form) for text in (*_texts(request), *also) if text for form in _forms(text)}
    words = words[:_LONGEST_READ]
    low = _lower(words)
    words = _without(words, low, {secret for secret in secrets if secret in low} | _pieces(secrets))
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def _lower(text: str) -> str:
    """Return *text* in lower case, sign by sign, so that it is as long as before."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)


def _pieces(secrets: set[str]) -> set[str]:
    words = {word for secret in secrets for word in secret.split()}
    return {word[start : start + _TELLING] for word in words for start in range(len(word) - _TELLING + 1)}


def _without(words: str, low: str, texts: set[str]) -> str:
    """Put a mark in place of every part of *words* that is one of *texts* in *low*, its lower case."""
    hidden = bytearray(len(words))
    for length in {len(text) for text in texts}:
        for start in range(len(low) - length + 1):
            if low[start : start + length] in texts:
                hidden[start : start + length] = b"\1" * length
    parts: list[str] = []
    for is_hidden, run in groupby(zip(hidden, words, strict=True), key=itemgetter(0)):
        parts.append(_MARK if is_hidden else "".join(char for _, char in run))
    return "".join(parts)


def _forms(text: str) -> Iterator[str]:
    """Yield *text* as it is, and as URLs, JSON (with its slashes escaped, too) and HTML have it."""
    from html import escape  # its table of entities is slow to load, and refusals are rare

    whole = text.encode(errors="replace").decode()  # quote() raises on half a surrogate pair, and shows it
    yield from (text, escape(text), quote(whole, safe=""), quote(whole), quote_plus(whole))
    for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield from (escaped, escaped.replace("/", "\\/"))


def _texts(request: Request) -> Iterator[str]:
    """Yield every text of *request* that may be secret: in its path, body and query, its fills, its credential."""
    yield from LOOKS_SECRET.findall(request.path)
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
