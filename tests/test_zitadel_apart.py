"""ZITADEL plugs in: nothing of the core knows of it, and none of it is loaded until it is imported."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import tmdb_auth_async
from tmdb_auth_async import zitadel
from tmdb_auth_async.zitadel import Zitadel

from .import_graph import imports, modules
from .test_layers import HOUSE

OUTSIDE = {"zitadel", "cli", "__main__", "testing", "watching"}
"""Who may speak of ZITADEL: itself, the commands, the fakes, which have a package of that name, and their fixtures."""

MANAGER = {
    "asking",
    "closer",
    "desk",
    "insisting",
    "journal",
    "keeping",
    "manager",
    "opening",
    "parts",
    "recovery",
    "scope",
}
"""What a manager consists of."""


def test_nothing_but_the_commands_imports_it() -> None:
    """Core, strategies, approvals and stores never do, in a function or under TYPE_CHECKING either."""
    found = imports(modules(HOUSE))
    importers = {one.importer.partition(".")[0] for one in found if one.inside and one.inside.startswith("zitadel")}
    assert "zitadel" in importers
    assert importers <= {"zitadel", "cli", "__main__"}


def test_no_name_in_the_core_is_its() -> None:
    """Neither a variable, nor an attribute, nor a text that code compares with; an extra may be named."""
    files = {module: file for module, file in modules(HOUSE).items() if module.partition(".")[0] not in OUTSIDE}
    assert len(files) > 30
    assert not {module: words for module, file in files.items() if (words := _words(file.read_text(encoding="utf-8")))}


def _words(source: str) -> list[str]:
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    words: list[str] = []
    for node in ast.walk(tree):
        words += [str(getattr(node, field, "")) for field in ("id", "attr", "name", "module", "arg")]
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            words.append(str(node.value))
    return [word for word in words if "zitadel" in word.lower() and "[zitadel]" not in word]


@pytest.mark.parametrize("module", [module for module in modules(HOUSE) if module.partition(".")[0] in MANAGER])
def test_the_manager_names_no_service(module: str) -> None:
    """No name in what a manager consists of is TMDB's or ZITADEL's."""
    tree = ast.parse(modules(HOUSE)[module].read_text(encoding="utf-8"))
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names += [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert names
    assert not [name for name in (*names, *imported) if "tmdb" in name.lower() or "zitadel" in name.lower()]


def test_importing_it_loads_no_extra() -> None:
    """PyJWT and cryptography wait until a key is used; the package itself loads nothing of it."""
    program = (
        "import sys, tmdb_auth_async; assert not [m for m in sys.modules if 'zitadel' in m]; "
        "import tmdb_auth_async.zitadel; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "tmdb_auth_async.zitadel.login" in loaded
    assert not {"jwt", "cryptography", "tmdb_auth_async.testing", "aiosqlite"} & loaded


def test_the_package_shows_what_it_has() -> None:
    """Sorted, and all of it is there; the face of the house has none of it."""
    assert zitadel.__all__ == sorted(zitadel.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert all(hasattr(zitadel, name) for name in zitadel.__all__)
    assert not set(zitadel.__all__) & set(tmdb_auth_async.__all__)


def test_it_is_a_service_like_another() -> None:
    """Nothing is fetched ahead, and its pages live where its API does."""
    service = Zitadel("https://id.example.com")
    assert service.spare is None
    assert service.website == service.url
