"""The journal rows that one store object answers for."""

from __future__ import annotations

from collections.abc import Iterable

from .changes import Changes


class Rows:
    """Knows which rows are this store's own, so that it neither claims them nor loses sight of them.

    `opened` are those of open sessions, with their texts; they are restored where a
    server has lost them. `overdue` are those that a failed write may have left behind;
    the next write takes them out.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.opened: dict[str, str] = {}
        self.overdue: set[str] = set()
        self._unwritten: set[str] = set()
        self._leaving: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Tell whether *key* is this store's own."""
        return key in self.opened or key in self._leaving or key in self.overdue

    @property
    def need_care(self) -> bool:
        """Whether the owner of the rows must go on telling that it lives, or has something to take out."""
        return bool(self.opened or self.overdue)

    def add(self, key: str, text: str) -> None:
        """Answer for *key*, which is about to be written."""
        self.opened[key] = text
        self._unwritten.add(key)
        self._leaving.discard(key)
        self.overdue.discard(key)

    def take_over(self, rows: Iterable[tuple[str, str]]) -> None:
        """Answer for *rows*, which are claimed."""
        self.opened.update(rows)

    def leave(self, keys: Iterable[str]) -> None:
        """Send *keys* on their way out."""
        for key in keys:
            self.opened.pop(key, None)
            self._leaving.add(key)

    def written(self, changes: Changes) -> None:
        """Note that *changes* are written."""
        self._unwritten.difference_update(changes.rows)
        for gone in (changes.forgotten, changes.abandoned):
            self._leaving.difference_update(gone)
            self.overdue.difference_update(gone)

    def failed(self, changes: Changes, *, nothing_done: bool) -> None:
        """Note that *changes* failed; unless *nothing_done* is sure, what was new is to be taken back."""
        for key, text in changes.rows.items():
            if text is None:
                self.overdue.add(key)
            elif key in self._unwritten:
                self.opened.pop(key, None)
                if not nothing_done:
                    self.overdue.add(key)
        self._unwritten.difference_update(changes.rows)
        self._leaving.difference_update(changes.rows, changes.abandoned)
