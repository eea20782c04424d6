"""What an id and a token in an answer may be: what can be sent back, whatever else it looks like."""

from __future__ import annotations

import re

_NO_IDS = ("", ".", "..")
"""What stands for nothing, or in a path for another path."""

_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def is_token(text: str) -> bool:
    """Say whether *text* can be a token, which goes into a header: not empty, without line breaks or their like."""
    return bool(text.strip()) and (text.isprintable() or not _NOT_IN_A_HEADER.search(text))


def check_id(_: object, __: object, text: str) -> None:
    """Raise `ValueError` for what is no id, as attrs' validators do: it would sign nothing and close nothing."""
    if text in _NO_IDS:
        raise ValueError


def check_token(_: object, __: object, text: str) -> None:
    """Raise `ValueError` for what is no token, as attrs' validators do: nothing could be sent with it."""
    if not is_token(text):
        raise ValueError
