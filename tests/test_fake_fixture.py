"""The shipped fixtures serve their fakes under every runner of async tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import aiohttp
import pytest

{mark}


async def test_probe({fixture}):
    async with aiohttp.ClientSession() as client, client.get({fixture}.url + "{path}") as answer:
        assert answer.status == 401


@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


@pytest.mark.parametrize(("fixture", "path"), [("fake_tmdb", "/3/authentication"), ("fake_zitadel", "/v2/sessions/1")])
@pytest.mark.parametrize(
    ("mark", "options"),
    [("asyncio", ["-o", "asyncio_mode=strict"]), ("anyio", []), ("anyio", ["-p", "no:asyncio"])],
)
def test_the_fixture_serves_under_each_runner(
    tmp_path: Path, mark: str, options: list[str], fixture: str, path: str
) -> None:
    """pytest-asyncio's strict mode and anyio's plugin, alone or beside it, all get a fake that runs."""
    tmp_path.joinpath("test_probe.py").write_text(
        PROBE.format(mark=f"@pytest.mark.{mark}", fixture=fixture, path=path), encoding="utf-8"
    )
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    scope = [] if "no:asyncio" in options else ["-o", "asyncio_default_fixture_loop_scope=function"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *scope, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "1 passed" in done.stdout, done.stdout
