"""The arrows of the house: imports point down, form no circle, and each library has its door."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .import_graph import FACE, PACKAGE, Import, circle, imports, modules

HOUSE = Path(__file__).parents[1] / PACKAGE

# Each module's floor, or its package's. A module may import from its own floor and from those below.
FLOORS = {
    "sealed values errors closing deadlines signed struck stats tally unpacking signals aside ownership": 1,
    "ports origin options unsendable filling service wire retrying records pending verbs": 2,
    "session tmdb zitadel stores testing": 3,
    "credentials strategies approvals asking insisting journal": 4,
    "closer opening recovery": 5,
    "desk scope ending": 6,
    "keeping webflow": 7,
    "defaults parts manager": 8,
    FACE: 9,
    "cli watching": 10,
    "__main__": 11,
}
FLOOR = {module: floor for names, floor in FLOORS.items() for module in names.split()}
HIGHEST = max(FLOOR.values())

# attrs is how values are written, anywhere. Who may open the door to any other library; the longest name counts.
ANYWHERE = {"attrs"}
DOORS = {
    "aiohttp": {"wire", "testing", "cli"},  # cli: the demo has its human, and a client written by hand to compare with
    "aiohttp.web": {"approvals", "testing"},
    "yarl": {"wire", "testing"},
    "multidict": {"wire"},
    "cattrs": {"service", "records"},
    "msgspec": {"service"},
    "tenacity": {"retrying"},
    "aiolimiter": {"parts"},
    "aiosqlite": {"stores"},
    "keyring": {"stores"},
    "filelock": {"stores"},
    "aioresponses": {"testing", "watching"},
    "redis": {"stores"},
    "platformdirs": {"stores", "cli"},
    "jwt": {"zitadel"},
    "cryptography": {"testing"},
    "click": {"cli", "__main__"},
    "rich": {"cli"},
    "segno": {"cli"},
    "pytest": {"testing", "watching"},
    "pytest_asyncio": {"watching"},
}

# A package that stands alone knows nothing of the others; only those named beside it know of it.
APART = {"testing": {"cli", "__main__", "watching"}}
PLUGGED_IN = {"zitadel": {"cli", "__main__"}}

LONGEST = 300


def _top(module: str) -> str:
    return module.partition(".")[0]


def _foreign(found: list[Import]) -> list[tuple[str, str, Import]]:
    """Keep the imports that leave their own package, each with the floors' names of both ends."""
    ends = [(_top(one.importer), _top(one.inside), one) for one in found if one.inside]
    return [(importer, target, one) for importer, target, one in ends if importer != target]


def upward(found: list[Import]) -> list[Import]:
    """Pick the imports from a higher floor."""
    return [one for importer, target, one in _foreign(found) if FLOOR.get(target, 0) > FLOOR.get(importer, HIGHEST)]


def absolute(found: list[Import]) -> list[Import]:
    """Pick the imports that name the package they are in."""
    return [one for one in found if one.inside and not one.relative]


def intruding(found: list[Import]) -> list[Import]:
    """Pick the imports of a package that plugs in, or stands apart, by one that should not know of it."""
    known_to = APART | PLUGGED_IN
    return [one for importer, target, one in _foreign(found) if importer not in known_to.get(target, {importer})]


def leaning(found: list[Import]) -> list[Import]:
    """Pick the imports by which a package that stands apart uses the rest of the house."""
    return [one for importer, _, one in _foreign(found) if importer in APART]


def past_the_door(found: list[Import]) -> list[Import]:
    """Pick the imports of an outside library by a module that is not its door."""
    at_home = ANYWHERE | sys.stdlib_module_names
    strangers = [one for one in found if one.inside is None and _top(one.name) not in at_home]
    return [one for one in strangers if _top(one.importer) not in _door(one.name)]


def _door(name: str) -> set[str]:
    libraries = [library for library in DOORS if f"{name}.".startswith(f"{library}.")]
    return DOORS[max(libraries, key=len)] if libraries else set()


RULES = [upward, absolute, intruding, leaning, past_the_door]


def circle_in(found: list[Import]) -> list[str]:
    """Find a way along the imports that leads back to where it began."""
    edges: dict[str, set[str]] = {}
    for one in found:
        if one.inside and one.inside != one.importer:
            edges.setdefault(one.importer, set()).add(one.inside)
    return circle(edges)


def test_every_module_has_its_floor() -> None:
    """A module that is new to the house is given a floor, by hand, in the table above."""
    assert not {_top(module) for module in modules(HOUSE)} - FLOOR.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Callable[[list[Import]], list[Import]]) -> None:
    """No import of the package breaks it, in a function or under TYPE_CHECKING either."""
    assert not [str(one) for one in rule(imports(modules(HOUSE)))]


def test_imports_form_no_circle() -> None:
    """Following imports never leads back, TYPE_CHECKING or not."""
    assert not circle_in(imports(modules(HOUSE)))


def test_no_file_is_too_long() -> None:
    """A file of more than 300 lines has more than one subject."""
    lengths = {module: len(file.read_text(encoding="utf-8").splitlines()) for module, file in modules(HOUSE).items()}
    assert lengths
    assert not {module: lines for module, lines in lengths.items() if lines > LONGEST}
