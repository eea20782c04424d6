"""Whether words read as prose: what does not may be a secret in a form that nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .plain import ESCAPE

_RUN = re.compile(r"\S+")
_PART = re.compile(r"[^\W_]+")
_AROUND = "\"'`.,:;!?()[]{}<>…"

_LONG = 9
"""From how many letters and digits on a part of a word is looked at closely; ids such as `COMMAND-3M0fs` have fewer."""

_MANY = 6
"""How many parts with digits a word is too many for: a date with its time has five."""


def unread(words: str) -> Iterator[tuple[int, int]]:
    """Yield where in *words* something stands that does not read as prose, punctuation around it left out."""
    for run in _RUN.finditer(words):
        escaped = ESCAPE.search(run.group())
        core = run.group().strip(_AROUND.replace(";", "") if escaped else _AROUND)
        if escaped or not _is_prose(core):
            start = run.start() + run.group().find(core)
            yield start, start + len(core)


def _is_prose(run: str) -> bool:
    parts = _PART.findall(run)
    return all(map(_is_word, parts)) and sum(any(map(str.isdigit, part)) for part in parts) < _MANY


def _is_word(part: str) -> bool:
    """Say whether *part* is short, or of letters alone with no more capitals inside than `loginName` has."""
    if len(part) < _LONG:
        return True
    humps = sum(one.islower() and other.isupper() for one, other in pairwise(part))
    return not any(map(str.isdigit, part)) and humps * 5 <= len(part)
