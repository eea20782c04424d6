"""The README's examples as a reader's own type checker sees them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from .readme_blocks import python_blocks
from .readme_runner import is_test_file
from .type_checkers import checked

README = Path(__file__).parents[1] / "README.md"

# Named for what follows, an answer that only one shape is expected of, and a library that leaves a type open.
PYRIGHT = "# pyright: reportUnusedVariable=false, reportMatchNotExhaustive=false, reportUnknownMemberType=false\n"
READER = '''"""What stands around an example."""

from tmdb_auth_async import *


async def example(
    manager: SessionManager, read_access_token: str, api_key: str, personal_access_token: str, club_url: str
) -> None:
    """Run it."""
'''


@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_the_examples_pass(tool: str, tmp_path: Path) -> None:
    """Whoever copies an example gets no error, however strict they are."""
    files: list[Path] = []
    for block in python_blocks(README):
        source = block.source if is_test_file(block) else READER + textwrap.indent(block.source, "    ")
        files.append(tmp_path / f"line_{block.line}.py")
        files[-1].write_text(PYRIGHT + source, encoding="utf-8")
    status, words = checked(tool, *files)
    assert status == 0, words
