"""Words in their plain form: escapes undone, upper and lower case one, and each sign with its place in the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from unicodedata import category, normalize

import attrs

from ..sealed import secret, value

Places = Sequence[tuple[int, int]]

_ROUNDS = 3
_MOST_OF_ONE = 4
_NO_LETTERS = re.compile(r"[\W_]+")
_UNSEEN = re.compile(r"[\x00-\x20\x7f\\]+")

ESCAPE = re.compile(
    r"(?P<octets>(?:%[0-9a-f]{2}|(?<!\\)\\+x[0-9a-f]{2})+)"
    r"|(?P<units>(?:%u[0-9a-f]{4}|(?<!\\)\\+u[0-9a-f]{4})+)"
    r"|(?P<entity>&\#?\w{1,31};)"
    r"|(?P<space>(?<!\\)\\+[bfnrtv])",
    re.IGNORECASE,
)
"""What URLs, JSON, HTML and programs write in place of a sign."""

_MARKERS = re.compile(r"[%\\xu]", re.IGNORECASE)
_DUMPED = re.compile(r"(?:0x(?=[0-9a-f]{2})|U\+(?=[0-9a-f]{4}))(.)", re.IGNORECASE)


@value
class View:
    """A plain form of some words, and where in them each of its signs comes from."""

    text: str = secret()
    places: Places = attrs.field()

    def only(self, keep: Callable[[str], bool]) -> View:
        """Return the same without the signs that *keep* says no to."""
        kept = [(sign, place) for sign, place in zip(self.text, self.places, strict=True) if keep(sign)]
        return View("".join(sign for sign, _ in kept), [place for _, place in kept])


def views(words: str) -> Iterator[View]:
    """Yield *words* in small letters: as they are, then with their escapes undone once, twice and thrice.

    Where numbers are dumped, such as `0x68, 0x75` and `U+0068 U+0075`, these come first, by their digits.
    """
    view = View(words, [(at, at + 1) for at in range(len(words))])
    if _DUMPED.search(words):
        yield _small(_replaced(view, _DUMPED, itemgetter(1)))
    for _ in range(_ROUNDS):
        yield _small(view)
        before, view = view.text, _replaced(view, ESCAPE, _meant)
        if view.text == before:
            return
    yield _small(view)


def readings(text: str) -> Iterator[str]:
    """Yield what `views` does, without places, for a text that may be long."""
    for _ in range(_ROUNDS + 1):
        yield small(text)
        before, text = text, ESCAPE.sub(_meant, text)
        if text == before:
            return


def small(text: str) -> str:
    """Return *text* in small letters, whose accents stand beside them."""
    return text.lower() if text.isascii() else "".join(map(_small_sign, text))


def letters(text: str) -> str:
    """Return only the letters and digits of *text*, which is in small letters."""
    return _NO_LETTERS.sub("", text) if text.isascii() else "".join(filter(str.isalnum, text))


def signs(text: str) -> str:
    """Return only what is visible of *text*."""
    return _UNSEEN.sub("", text) if text.isascii() else "".join(filter(is_visible, text))


@lru_cache(maxsize=1024)
def is_visible(sign: str) -> bool:
    """Say whether *sign* is more than a space, an accent, something unseen or the backslash that JSON adds."""
    return sign != "\\" and sign > " " and category(sign)[0] not in "MZC"


@lru_cache(maxsize=1024)
def _small_sign(sign: str) -> str:
    small_sign = normalize("NFKD", sign).casefold()
    return small_sign if len(small_sign) <= _MOST_OF_ONE else sign  # one Arabic sign is eighteen


def one_line(words: str) -> str:
    """Return *words* with nothing but single spaces between what can be printed."""
    if not words.isprintable():
        words = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(words.split())


def _small(view: View) -> View:
    pairs = [(sign, place) for char, place in zip(view.text, view.places, strict=True) for sign in small(char)]
    return View("".join(sign for sign, _ in pairs), [place for _, place in pairs])


def _replaced(view: View, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]) -> View:
    """Return *view* with what *pattern* finds replaced by its *meaning*, each sign of which stands for all of it."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for found in pattern.finditer(view.text):
        start, end = found.span()
        meant = meaning(found)
        parts += (view.text[done:start], meant)
        places += view.places[done:start]
        places += [(view.places[start][0], view.places[end - 1][1])] * len(meant)
        done = end
    return View("".join((*parts, view.text[done:])), [*places, *view.places[done:]])


def _meant(escape: re.Match[str]) -> str:
    """Return what *escape* stands for."""
    text = escape.group()
    if escape["octets"]:
        octets = bytes.fromhex(_MARKERS.sub("", text))
        try:
            return octets.decode()
        except ValueError:
            return octets.decode("latin-1")
    if escape["units"]:
        return bytes.fromhex(_MARKERS.sub("", text)).decode("utf-16-be", "surrogatepass")
    if escape["entity"]:
        from html import unescape  # its table of entities is slow to load, and refusals are rare

        return unescape(text)
    return " "
