"""The Python examples of a Markdown page, as they stand there."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import attrs

FENCE = re.compile(r"\s*```(?P<language>\w*)\s*$")
COMMENT = re.compile(r"\s*<!--(?P<words>.*)-->\s*$")
NOT_RUN = re.compile(r"\s*not run: (?P<reason>.*\w.*)")


@attrs.frozen
class Block:
    """A fenced example: where its code begins, the code, and why it is not run, if it is not."""

    file: Path
    line: int
    source: str
    not_run: str | None = None

    @property
    def name(self) -> str:
        """Say where the block is, as an editor would."""
        return f"{self.file.name}:{self.line}"


def python_blocks(file: Path) -> list[Block]:
    """List the blocks fenced as ``python``, top to bottom.

    The one mark that a block may carry is a comment right above it, ``<!-- not run: reason -->``;
    raises `ValueError` for any other comment there, and for a fence that is not closed.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        Block(file, begin + 1, textwrap.dedent("\n".join(lines[begin:end])) + "\n", _reason(file, lines, begin - 1))
        for language, begin, end in _fenced(file, lines)
        if language == "python"
    ]


def _fenced(file: Path, lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Give the language of each fenced block, and the indices between which its code stands."""
    opened: tuple[str, int] | None = None
    for index, line in enumerate(lines):
        if not (fence := FENCE.match(line)):
            continue
        if opened is None:
            opened = fence["language"], index + 1
        else:
            yield *opened, index
            opened = None
    if opened:
        message = f"{file.name}:{opened[1]}: this fence is never closed"
        raise ValueError(message)


def _reason(file: Path, lines: list[str], fence: int) -> str | None:
    """Read the mark above the fence that stands at index *fence*."""
    above = next((line for line in reversed(lines[:fence]) if line.strip()), "")
    if not (comment := COMMENT.match(above)):
        return None
    if not (mark := NOT_RUN.match(comment["words"])):
        message = f"{file.name}:{fence + 1}: a block may be marked by '<!-- not run: reason -->' only"
        raise ValueError(message)
    return mark["reason"].strip()
