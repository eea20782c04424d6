"""Texts that hold secrets, on their way in and out of a store."""

from __future__ import annotations

from ..errors import NotConfigured


class Masked(str):
    """A text whose repr shows nothing of it, for what drivers and event loops put into their logs."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show that something is there."""
        return "'...'"


def check_text(*texts: str) -> None:
    """Raise `NotConfigured` for a text that no store can write: one that is not Unicode."""
    for text in texts:
        if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
            message = "a name or session holds half a character (a lone surrogate) and cannot be stored: fix the text"
            raise NotConfigured(message)
