"""The README's example of another TMDB library, which uses a session of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .readme_runner import run
from .readme_stage import stage
from .recipes import recipe

aiotmdb = pytest.importorskip("themoviedb.aiotmdb")


async def test_another_library_uses_the_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its requests are signed by the middleware, and it finds by the session's id what was rated with it."""
    block = recipe("import aioTMDb")
    async with stage(block, monkeypatch, tmp_path) as names:
        fake: Any = names["fake"]

        class Moved(aiotmdb.aioTMDb):  # type: ignore[misc, name-defined]  # known once it is imported
            def __init__(self, **settings: Any) -> None:
                super().__init__(**settings)
                self._config.host = fake.url

        monkeypatch.setattr(aiotmdb, "aioTMDb", Moved)
        await run(block, names)
        assert {request.status for request in fake.requests} <= {200, 201}
    assert capsys.readouterr().out == "Movie 550 is among my 1 rated films\n"
