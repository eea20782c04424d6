"""Importing the package loads what a session needs, and nothing beside."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

UNUSED = [
    "tmdb_auth_async.cli",
    "tmdb_auth_async.testing",
    "tmdb_auth_async.zitadel",
    "aiohttp.web",
    "aiolimiter",
    "aiosqlite",
    "click",
    "cryptography",
    "jwt",
    "keyring",
    "platformdirs",
    "pytest",
    "redis",
    "rich",
    "segno",
    "sqlite3",
    "tenacity",
    "webbrowser",
]


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Import the package in a fresh interpreter, and name every module that this brings, beside coverage's."""
    program = "import sys; before = set(sys.modules); import tmdb_auth_async; print(*sys.modules.keys() - before)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_package_itself_is_loaded(loaded: set[str]) -> None:
    """What is found in the list is what the import left in it."""
    assert {"tmdb_auth_async.manager", "attrs"} <= loaded


@pytest.mark.parametrize("module", UNUSED)
def test_what_is_not_used_is_not_loaded(module: str, loaded: set[str]) -> None:
    """An optional library, and what is only for tests, is there but left alone until somebody asks for it."""
    assert importlib.util.find_spec(module)
    assert module not in loaded
