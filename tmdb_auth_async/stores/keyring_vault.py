"""Texts in the keyring of this user, under an index that says what they are; used in threads, by one at a time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import attrs

from ..errors import NotConfigured
from .keyring_entries import Entries
from .masked import Masked

VERSION = 1
LONGEST = 1000
"""How many characters go into one entry: Windows takes 1280."""

INDEX = "index"
CONTINUED = "*"
"""What a text begins with that is too long for the index's own entry, before the names of its parts."""

LOST = "lost"
"""What stands for the text of an index that has lost a part; it is none."""

Parts = tuple[str, ...]


@attrs.define(kw_only=True)
class Index:
    """What is in the keyring: each text's parts by its name or key, in the order of their writing.

    `rows` have their owner too; none is the empty one. `trash` are parts that nothing
    needs once this index is written; they are removed then, or after the next writing,
    should that be the end of the process. `old_trash` is what was trash before.
    """

    kept: dict[str, Parts] = attrs.field(factory=dict[str, Parts])
    rows: dict[str, tuple[str, Parts]] = attrs.field(factory=dict[str, tuple[str, Parts]])
    trash: list[str] = attrs.field(factory=list[str])
    old_trash: list[str] = attrs.field(factory=list[str])


class Vault:
    """The keyring under one service's name.

    A text becomes visible, or invisible, when the index does, which is one entry: no
    crash leaves half of a change.
    """

    def __init__(self, service_name: str) -> None:
        """Use the keyring that is in force when it is needed."""
        self._service = service_name
        self._entries = Entries(service_name)

    def index(self) -> Index:
        """Read the index; raises `NotConfigured` for one that this release cannot."""
        text = self._entries.get(INDEX) or ""
        own_parts: list[str] = []
        while text.startswith(CONTINUED):
            parts = text.removeprefix(CONTINUED).split(",")
            own_parts += parts
            if len(set(own_parts)) < len(own_parts):
                break  # damaged: it would lead on for ever
            text = self._joined(parts) or LOST
        if not text:
            return Index()
        index = None
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):  # whose words may show the text
            index = _index(json.loads(text))
        if index is None:
            message = (
                f"the keyring's entry {INDEX!r} of {self._service!r} is damaged, or a newer release's: upgrade, or"
                " remove the entry and log in again; it was left as it is"
            )
            raise NotConfigured(message)
        index.trash = own_parts
        return index

    def write(self, index: Index) -> None:
        """Write *index*, and remove its trash."""
        text = _index_text(index)
        while len(text) > LONGEST:
            text = CONTINUED + ",".join(self.put(text))
        self._entries.set(INDEX, text)
        for part in (*index.trash, *index.old_trash):
            self._entries.remove(part)

    def put(self, text: str) -> Parts:
        """Write *text*, which nothing names yet, and return its parts."""
        parts: list[str] = []
        for start in range(0, len(text), LONGEST):
            parts.append(secrets.token_hex(6))
            self._entries.set(parts[-1], text[start : start + LONGEST])
        return tuple(parts)

    def text(self, parts: Iterable[str]) -> Masked:
        """Read the text in *parts*; raises `NotConfigured`, as `unreadable`, where one is gone."""
        text = self._joined(parts)
        if text is None:
            lost = NotConfigured(f"the keyring has lost a part of what {self._service!r} keeps")
            lost.unreadable = True
            raise lost
        return text

    def what_is_left(self, parts: Iterable[str]) -> Masked:
        """Read the text in *parts*, or none where one is gone."""
        return self._joined(parts) or Masked()

    def _joined(self, parts: Iterable[str]) -> Masked | None:
        read = [self._entries.get(part) for part in parts]
        found = [part for part in read if part is not None]
        return Masked("".join(found)) if len(found) == len(read) else None


def _index_text(index: Index) -> str:
    record = {"v": VERSION, "kept": index.kept, "rows": index.rows, "trash": index.trash}
    return json.dumps(record, separators=(",", ":"))


def _index(record: Any) -> Index:
    if record["v"] != VERSION:
        raise ValueError
    return Index(
        kept={name: tuple(parts) for name, parts in record["kept"].items()},
        rows={key: (owner, tuple(parts)) for key, (owner, parts) in record["rows"].items()},
        old_trash=list(record["trash"]),
    )
