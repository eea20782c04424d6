"""The README leaves out no public name, no error and no setting, and its links lead somewhere."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import tmdb_auth_async
from tmdb_auth_async import AuthError, Session, SessionManager, Stats, errors, stores, testing, tmdb, zitadel

README = Path(__file__).parents[1] / "README.md"
PAGE = README.read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
WORDS = set(re.findall(r"\w+", " ".join(CODE.findall(FENCED.sub("", PAGE)))))
"""Every word that stands in the page's running text or tables as code."""

SESSION = {"id", "access_token", "account_id", "expires_at", "closed", "close", "ask", "middleware"}
"""What a session is promised to have beside its requests."""


def _section(heading: str) -> str:
    """Return what stands below *heading*, up to the next one."""
    return PAGE.split(f"\n{heading}\n")[1].split("\n## ")[0].split("\n### ")[0]


def _first_column(section: str) -> set[str]:
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return {name for row in rows for code in CODE.findall(row) for name in re.findall(r"\w+", code)}


def _public(kind: type) -> set[str]:
    return {name for base in kind.__mro__[:-1] for name in vars(base) if not name.startswith("_")}


def test_every_public_name_has_its_place() -> None:
    """The table of names holds just what the package exports, and the errors have a table of their own."""
    table, _ = _section("### Every public name").strip().split("\n\n", 1)
    named = set(re.findall(r"\w+", " ".join(CODE.findall(table)))) - {"tmdb_auth_async"}
    assert named == set(tmdb_auth_async.__all__) - _classes()


def test_the_other_modules_names_are_told() -> None:
    """So are the stores, the fakes, and the calls of both services."""
    calls = {name for module in (tmdb, zitadel) for name in module.__all__ if name.islower()}
    assert {*stores.__all__, *testing.__all__, *calls} <= WORDS


def _classes() -> set[str]:
    return {name for name, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, AuthError)}


def test_every_error_says_what_to_do() -> None:
    """Each error of the tree has its row; the root is named above them."""
    section = _section("## Errors, and what to do")
    assert _first_column(section) == _classes() - {"AuthError"}
    assert "`AuthError`" in section


def test_every_setting_and_method_is_told() -> None:
    """The manager's arguments, its methods and a session's attributes are all there."""
    section = _section("## SessionManager")
    settings = set(inspect.signature(SessionManager).parameters)
    assert settings <= _first_column(section)
    assert _public(SessionManager) <= _first_column(section)
    assert _public(Session) & set(re.findall(r"\w+", section)) >= SESSION
    assert set(inspect.signature(Stats).parameters) <= set(re.findall(r"\w+", section))


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    """A heading that is renamed takes its links along."""
    headings = re.findall(r"^#+ +(.*)$", FENCED.sub("", PAGE), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert links
    assert links <= anchors
