"""Strike the secrets of a request out of words that somebody else chose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from ..values import Request
from .forms import LONGEST_READ, SHORT, TELLING, Forms, pieces_of
from .plain import is_visible, one_line, small, views
from .prose import unread
from .texts import TooMuch, secret_texts

_LONGEST = 300
_LONGEST_TAKEN = 8192
_LONGEST_QUOTED = 512
"""What is quoted ends long before what is read, so that a secret across its end is seen to be one."""

_MARK = "•••"
_MOST_FINDS = 5000


def struck(words: str, request: Request, *also: str) -> str:
    """Return *words* without any secret of *request* or in *also*, on one line of at most 300 characters.

    Case, accents, spaces, punctuation and escapes make no difference, and of a secret
    that is not quoted whole no twelve letters and digits in a row are left. What does
    not read as prose is struck, too. Of words that answer a request with more in it
    than can be looked at, nothing is left.
    """
    line = one_line(words[:_LONGEST_TAKEN])
    last = _LONGEST_QUOTED
    if len(words) > _LONGEST_TAKEN:
        last = min(last, len(one_line(words[: _LONGEST_TAKEN - LONGEST_READ])))
    read = line[:LONGEST_READ]
    try:
        hidden = _hidden(read, secret_texts(request, *also))
    except TooMuch:
        return ""
    for start, end in unread(read):
        hidden[start:end] = b"\1" * (end - start)
    parts: list[str] = []
    for is_hidden, run in groupby(zip(hidden[:last], read, strict=False), key=itemgetter(0)):
        parts.append(_MARK if is_hidden else "".join(char for _, char in run))
    said = "".join(parts)
    whole = len(line) <= last and len(said) <= _LONGEST
    return said if whole else said[:_LONGEST] + "…"


def secret_in(code: str, request: Request) -> bool:
    """Say whether *code* is a secret of *request*, or one of four signs or more is in it."""
    try:
        texts = {text for text in secret_texts(request) if len(text) >= SHORT or small(text) == small(code)}
        return len(code) > _LONGEST or any(_hidden(code, texts))
    except TooMuch:
        return True


def _hidden(line: str, texts: set[str]) -> bytearray:
    """Return a byte for each sign of *line*, which is not 0 where one of *texts* stands; raises `TooMuch`."""
    forms = Forms()
    for text in texts:
        forms.add(text)
    hidden = bytearray(len(line))
    finds = 0
    for view in views(line):
        by_signs = view.only(is_visible)
        by_letters = by_signs.only(str.isalnum)
        for one, wholes, pieces in (
            (view, forms.written, set[str]()),
            (by_signs, forms.signs, forms.sign_pieces),
            (by_letters, forms.letters, forms.letter_pieces),
        ):
            for start, end in _found(one.text, wholes, pieces):
                finds += 1
                if finds > _MOST_FINDS:
                    raise TooMuch
                first, last = one.places[start][0], one.places[end - 1][1]
                hidden[first:last] = b"\1" * (last - first)
    return hidden


def _found(text: str, wholes: set[str], pieces: set[str]) -> Iterator[tuple[int, int]]:
    """Yield where in *text* any of *wholes* or *pieces* stands."""
    for whole in filter(None, wholes):
        start = text.find(whole)
        while start >= 0:
            yield start, start + len(whole)
            start = text.find(whole, start + 1)
    if pieces:
        for start, piece in enumerate(pieces_of(text)):
            if piece in pieces:
                yield start, start + TELLING
