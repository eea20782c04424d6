"""The checks of the layers notice what they should, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .import_graph import FACE, Import, imports, modules
from .test_layers import FLOOR, RULES, absolute, circle_in, intruding, leaning, past_the_door, upward


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (upward, "values", "from .manager import SessionManager"),
        (upward, "wire", "from . import SessionManager"),
        (upward, "stores.memory", "from ..manager import SessionManager"),
        (upward, "session", "def later():\n    from .manager import SessionManager"),
        (upward, "session", "if TYPE_CHECKING:\n    from . import manager"),
        (absolute, "manager", "import tmdb_auth_async.values"),
        (absolute, "manager", "from tmdb_auth_async import values"),
        (intruding, "manager", "from .zitadel import Zitadel"),
        (intruding, FACE, "from . import zitadel"),
        (intruding, "manager", "from .testing.tmdb import FakeTMDB"),
        (leaning, "testing.tmdb", "from ..values import JSON"),
        (past_the_door, "session", "from aiohttp import ClientSession"),
        (past_the_door, "zitadel.calls", "import aiohttp.client_exceptions"),
        (past_the_door, "approvals.loopback", "from aiohttp import ClientSession"),
        (past_the_door, "manager", "from aiohttp import web"),
        (past_the_door, "manager", "def later():\n    import cattrs.gen"),
        (past_the_door, "values", "import requests"),
    ],
)
def test_a_broken_rule_is_noticed(
    rule: Callable[[list[Import]], list[Import]], module: str, source: str, tmp_path: Path
) -> None:
    """A file that breaks a rule is picked by that rule's check."""
    assert [one.importer for one in rule(imports(_house(tmp_path, {module: source})))] == [module]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (FACE, "from .manager import SessionManager\nfrom . import values as values"),
        ("manager", "import asyncio\nimport attrs\nfrom .wire import Wire\nfrom .strategies.guest import Guest"),
        ("stores.sqlite", "import aiosqlite\nfrom ..values import JSON\nfrom . import memory"),
        ("approvals.loopback", "from aiohttp.web import Application\nfrom aiohttp import web"),
        ("testing.tmdb", "import aiohttp\nfrom aiohttp import web\nfrom .server import Server"),
        ("cli.fake", "from ..testing import FakeTMDB\nfrom ..zitadel import Zitadel"),
    ],
)
def test_a_kept_rule_is_left_in_peace(module: str, source: str, tmp_path: Path) -> None:
    """What the rules allow, no check picks."""
    found = imports(_house(tmp_path, {module: source}))
    assert found
    assert not [rule.__name__ for rule in RULES if rule(found)]


def test_a_circle_is_noticed(tmp_path: Path) -> None:
    """A way back is found through any number of modules, and through TYPE_CHECKING."""
    house = {"pool": "from .journal import Journal", "journal": "if TYPE_CHECKING:\n    from . import pool"}
    assert circle_in(imports(_house(tmp_path, house))) == ["journal", "pool", "journal"]


def _house(folder: Path, sources: dict[str, str]) -> dict[str, Path]:
    """Build a package of empty modules, one on each floor and more, in which *sources* stand."""
    empty = [*FLOOR.keys() - {"stores", "approvals", "testing", "zitadel", "cli", "strategies"}, "zitadel.__init__"]
    empty += ["stores.memory", "strategies.guest", "testing.__init__", "testing.server", "testing.tmdb"]
    for module, source in (dict.fromkeys(empty, "") | sources).items():
        file = folder.joinpath(*module.split(".")).with_suffix(".py")
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return modules(folder)
