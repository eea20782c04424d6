"""How a secret may look where it is echoed."""

from __future__ import annotations

from base64 import b32encode, b64encode
from collections.abc import Iterator

import attrs

from .plain import letters, one_line, readings, signs, small

LONGEST_READ = 1024
"""How much of any words is looked at: no form of a secret that is longer is in them."""

TELLING = 12
"""How many letters and digits of a secret in a row are too many to be shown."""

SHORT = 4
"""A text of fewer signs is struck only as it stands, or it would be found across the words of any sentence."""

_ENCODED = 6
"""A form of fewer signs, such as four letters in base64, would be found in any sentence."""


@attrs.frozen(repr=False)
class Forms:
    """How secrets may look: by their letters, by all their signs, as they stand; and the pieces of both."""

    letters: set[str] = attrs.Factory(set[str])
    signs: set[str] = attrs.Factory(set[str])
    written: set[str] = attrs.Factory(set[str])
    letter_pieces: set[str] = attrs.Factory(set[str])
    sign_pieces: set[str] = attrs.Factory(set[str])

    def add(self, text: str) -> None:
        """Add every form of *text*."""
        for reading in readings(text):
            by_signs, by_letters = signs(reading), letters(reading)
            self.written.add(small(one_line(reading)))
            if len(by_signs) >= SHORT:
                self.signs.add(by_signs)
            if len(by_letters) >= _ENCODED:
                self.letters.add(by_letters)
            self.letter_pieces.update(pieces_of(by_letters))
            if len(by_letters) * 2 < len(by_signs):
                self.sign_pieces.update(pieces_of(by_signs))
        if len(text) <= LONGEST_READ:
            encoded = (letters(small(form)) for form in _encoded(text))
            self.letters.update(form for form in encoded if len(form) >= _ENCODED)
            self.signs.update(form for form in map(signs, map(small, _misread(text))) if len(form) >= SHORT)


def pieces_of(text: str) -> Iterator[str]:
    """Return every piece of *text* that is too long to be shown."""
    return (text[start : start + TELLING] for start in range(len(text) - TELLING + 1))


def _encoded(text: str) -> Iterator[str]:
    """Yield *text* backwards, as numbers, in hexadecimal, in base32, and in base64 from any of three bytes on."""
    octets = text.encode(errors="surrogatepass")
    yield text[::-1]
    yield "".join(map(str, octets))
    yield octets.hex()
    yield "".join(f"{ord(sign):04x}" for sign in text)
    yield b32encode(octets).decode().rstrip("=")
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        form = b64encode(bytes(before) + octets).decode().rstrip("=")[cut:]
        yield from (form, form[:-1])  # what follows is in the last one


def _misread(text: str) -> Iterator[str]:
    """Yield what becomes of *text* backwards, or where its letters are read as others, or are not known."""
    yield text[::-1]
    if not text.isascii():
        octets = text.encode(errors="replace")
        yield from (octets.decode("latin-1"), octets.decode("cp1252", "replace"))
        yield text.encode("ascii", "replace").decode()
