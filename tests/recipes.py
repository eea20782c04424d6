"""The README's recipes that are more than a program that ends: found by what they say, and made ready to be served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .readme_blocks import Block, python_blocks
from .readme_runner import run
from .readme_stage import stage


class TwoHoursLater(datetime):
    """The clock of a recipe, when every login that was begun is over."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # as whoever asks takes it
        """Return the time in two hours."""
        return datetime.now(tz) + timedelta(hours=2)


README = Path(__file__).parents[1] / "README.md"


def recipe(words: str) -> Block:
    """Return the one example of the README that says *words*."""
    (block,) = [block for block in python_blocks(README) if words in block.source]
    return block


@asynccontextmanager
async def prepared(
    block: Block, patch: pytest.MonkeyPatch, folder: Path
) -> AsyncIterator[tuple[FakeTMDB, dict[str, Any]]]:
    """Import *block* as a module, with the fake in TMDB's place, and give the fake and what the block defines."""
    async with stage(block, patch, folder) as names:
        defined = await run(block, {**names, "__name__": "recipe"})
        fake = defined["fake"]
        assert isinstance(fake, FakeTMDB)
        yield fake, defined
