"""Where a command speaks: its answer on the standard output, everything beside it on the standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from .. import JSON
from .statuses import printable

Words = str | tuple[str, str]
"""Words of a sentence, with a style or without."""


class Screen:
    """The two streams of one command; with *as_json* its answer is one JSON document."""

    def __init__(self, *, as_json: bool) -> None:
        """Look at the streams as they are now."""
        self.as_json = as_json
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    @property
    def is_live(self) -> bool:
        """Whether something may move on the standard error, since a human looks at it."""
        return self.err.is_terminal

    def answer(self, data: Mapping[str, JSON], *lines: Text) -> None:
        """Give the answer: *data* where JSON is wanted, else *lines*."""
        if self.as_json:
            self.out.file.write(json.dumps(data, indent=2) + "\n")
            self.out.file.flush()
            return
        for line in lines:
            self.out.print(line, soft_wrap=True)

    def done(self, data: Mapping[str, JSON], *words: Words) -> None:
        """Give the answer that something was done: *data*, or *words* with a tick on a terminal."""
        tick = [("✓ ", "bold green")] if self.out.is_terminal and writes(self.out, "✓") else []
        self.answer(data, sentence(*tick, *words))

    def note(self, *words: Words) -> None:
        """Say a line beside the answer."""
        self.err.print(sentence(*words), soft_wrap=True)


def writes(console: Console, text: str) -> bool:
    """Say whether the encoding of *console* has all signs of *text*."""
    try:
        text.encode(console.encoding)
    except UnicodeEncodeError:
        return False
    return True


def is_plain(stream: TextIO) -> bool:
    """Say whether *stream* gets words only: it is no terminal, or a dumb one, or NO_COLOR is set."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not stream.isatty()


def sentence(*words: Words) -> Text:
    """Put *words*, which a service may have written, together on one line."""
    styled = ((one, "") if isinstance(one, str) else one for one in words)
    return Text.assemble(*((printable(text), style) for text, style in styled))


def bold(text: str) -> Words:
    """Return *text* as words that stand out."""
    return text, "bold"


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Text]:
    """Return *rows* below their *headings*, each column as wide as it must be; no lines for no rows."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    lines = [[f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)] for row in (headings, *rows)]
    heading, *others = ("   ".join(line).rstrip() for line in lines)
    return [sentence(bold(heading)), *map(sentence, others)]


def _console(stream: TextIO) -> Console:
    plain = is_plain(stream)
    return Console(
        file=stream,
        color_system=None if plain else "auto",
        force_terminal=False if plain else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
