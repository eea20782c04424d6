"""The pytest plugin costs a project nothing that does not use it, however many have it installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROBE = """
import sys

HEAVY = {"aiohttp", "cattrs", "tmdb_auth_async.manager"}
AT_START = sys.modules.keys() & HEAVY


def test_without_it():
    assert not AT_START
    assert not sys.modules.keys() & HEAVY


async def test_with_it(fake_tmdb, tmdb_manager):
    assert fake_tmdb.url
    assert sys.modules.keys() >= HEAVY
"""


def test_the_plugin_loads_nothing_but_itself() -> None:
    """What is beside pytest and its plugin for asyncio is left alone; of the package its empty face is there."""
    program = (
        "import sys, pytest, pytest_asyncio; before = set(sys.modules); "
        "import tmdb_auth_async.watching.plugin; print(*sorted(sys.modules.keys() - before))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    house = "tmdb_auth_async"
    assert done.stdout.split() == [house, f"{house}.watching", f"{house}.watching.plugin"]


def test_the_package_is_loaded_with_the_first_fixture(tmp_path: Path) -> None:
    """Installed as it is, by its entry point, the plugin brings the package to the test that asks for it, no sooner."""
    tmp_path.joinpath("test_probe.py").write_text(PROBE, encoding="utf-8")
    tmp_path.joinpath("pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "2 passed" in done.stdout, done.stdout
