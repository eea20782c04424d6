"""Importing the package loads what a session needs, and nothing beside."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

import tmdb_auth_async

UNUSED = [
    "tmdb_auth_async.approvals.browser",
    "tmdb_auth_async.webflow",
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
    """Import what a login needs in a fresh interpreter, and name every module that this brings, beside coverage's."""
    return _loaded("from tmdb_auth_async import BearerToken, Password, RequestTokenLogin, SessionManager")


def _loaded(statement: str) -> set[str]:
    program = f"import sys; before = set(sys.modules); {statement}; print(*sys.modules.keys() - before)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_package_alone_loads_none_of_its_modules() -> None:
    """Each is imported when a name of it is first asked for."""
    loaded = _loaded("import tmdb_auth_async")
    assert {name for name in loaded if name.startswith("tmdb_auth_async")} == {"tmdb_auth_async"}
    assert not loaded & {"aiohttp", "cattrs"}


def test_every_name_of_the_face_is_there() -> None:
    """What is promised can be had and is listed by `dir`; a slip of the pen is told like any other."""
    assert dir(tmdb_auth_async) == sorted(tmdb_auth_async.__all__)
    assert all(getattr(tmdb_auth_async, name) is not None for name in tmdb_auth_async.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Sesion'"):
        _ = tmdb_auth_async.Sesion  # type: ignore[attr-defined]  # that is the point


def test_the_package_itself_is_loaded(loaded: set[str]) -> None:
    """What is found in the list is what the import left in it."""
    assert {"tmdb_auth_async.manager", "attrs"} <= loaded


@pytest.mark.parametrize("module", UNUSED)
def test_what_is_not_used_is_not_loaded(module: str, loaded: set[str]) -> None:
    """An optional library, and what is only for tests, is there but left alone until somebody asks for it."""
    assert importlib.util.find_spec(module)
    assert module not in loaded


def test_every_store_is_listed() -> None:
    """One that is not imported yet as well, so that a prompt completes its name."""
    program = "from tmdb_auth_async import stores; print(*(name for name in dir(stores) if name in stores.__all__))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["KeyringStore", "MemoryStore", "RedisStore", "SQLiteStore"]
