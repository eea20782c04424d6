"""What one write changes in a store, gathered from all who want something written at the same time."""

from __future__ import annotations

from collections.abc import Iterable


class Changes:
    """The last word on each journal row and each kept session that a write touches; written as a whole or not at all.

    `rows` are journal rows to write, or to take out where the text is `None`; `abandoned`
    are rows to leave without an owner; `kept` are kept sessions to write, or to delete.
    """

    __slots__ = ("abandoned", "kept", "rows")

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, str | None] = {}
        self.abandoned: dict[str, None] = {}
        self.kept: dict[str, str | None] = {}

    def record(self, key: str, text: str) -> None:
        """Write the row *key*."""
        self.rows[key] = text
        self.abandoned.pop(key, None)

    def forget(self, keys: Iterable[str]) -> None:
        """Take the rows *keys* out."""
        for key in keys:
            self.rows[key] = None
            self.abandoned.pop(key, None)

    def abandon(self, keys: Iterable[str]) -> None:
        """Leave the rows *keys* without an owner, those that this write brings among them."""
        self.abandoned.update(dict.fromkeys(keys))

    @property
    def recorded(self) -> list[tuple[str, str]]:
        """The rows to write, in their order."""
        return [(key, text) for key, text in self.rows.items() if text is not None]

    @property
    def forgotten(self) -> list[str]:
        """The rows to take out."""
        return [key for key, text in self.rows.items() if text is None]
