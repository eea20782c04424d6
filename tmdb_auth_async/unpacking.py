"""Unpack a compressed body, never further than it may be long."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""The codings that can be unpacked, as `Accept-Encoding` has them."""

Garbled = zlib.error
"""What is raised for a body that is not packed the way it says."""

_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_HEADER = 32 + zlib.MAX_WBITS
_NO_HEADER = -zlib.MAX_WBITS
_ZLIB = 8


class Unpacker:
    """Unpacks gzip or deflate piece by piece."""

    def __init__(self) -> None:
        """Begin; the first piece tells which of the two it is."""
        self._unpacking = zlib.decompressobj(_ANY_HEADER)
        self._begun = False

    def unpack(self, piece: bytes, most: int) -> bytes:
        """Return what *piece* holds, or its first *most* bytes and the rest never; raises `Garbled`."""
        if not self._begun and piece:
            self._begun = True
            if piece[0] & 0x0F not in (_ZLIB, 0x0F):
                self._unpacking = zlib.decompressobj(_NO_HEADER)  # some servers send deflate without zlib's header
        if self._unpacking.eof:
            return b""  # zlib would gather what comes after the end
        return self._unpacking.decompress(piece, most)


def unpacker(coding: str) -> Unpacker | None:
    """Return what unpacks a body of that `Content-Encoding`, `None` where there is nothing to unpack."""
    return Unpacker() if coding.strip().lower() in _CODINGS else None
