"""Every example of the README does what it says, against a running fake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .readme_blocks import Block, python_blocks
from .readme_runner import is_test_file, run, run_pytest
from .readme_stage import stage

README = Path(__file__).parents[1] / "README.md"
TWO_COMMANDS = re.compile(r"^#+ +Two commands *\n(?:(?!```).*\n)*```\w*\n(?P<lines>(?:(?!```).+\n)*)```", re.MULTILINE)


@pytest.mark.parametrize(
    "block", [block for block in python_blocks(README) if not block.not_run], ids=lambda it: it.name
)
async def test_an_example_runs(block: Block, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The example works as it stands, with ada's password and nobody's help but hers."""
    if is_test_file(block):
        await run_pytest(block, tmp_path)
        return
    async with stage(block, monkeypatch, tmp_path) as names:
        await run(block, names)


def test_the_two_commands_are_two() -> None:
    """The block that `.ci/run` runs word for word has a demo's line and a test's."""
    found = TWO_COMMANDS.search(README.read_text(encoding="utf-8"))
    assert found
    assert len(found["lines"].splitlines()) == 2
