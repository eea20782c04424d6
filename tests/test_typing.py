"""Programs of strangers as mypy and pyright see them: right ones pass, a forgotten await does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .type_checkers import checked

PROGRAMS = Path(__file__).parent / "typing"

FORGOTTEN = '''"""A program that forgets every await."""

from tmdb_auth_async import Ask, Session, SessionManager, tmdb


async def main(manager: SessionManager, session: Session, ask: Ask) -> None:
    """Forget them."""
    manager.ask(tmdb.create_request_token())
    manager.get("/3/account")
    session.ask(tmdb.validate_key())
    session.post("/3/x")
    session.close()
    manager.aclose()
    ask(tmdb.validate_key())
'''
LINES = [number for number, line in enumerate(FORGOTTEN.splitlines(), 1) if line.startswith("    ") and "(" in line]

WRONG = '''"""A program whose every line is wrong."""

from tmdb_auth_async import ApiKey, BearerToken, Call, Request, RequestTokenLogin, Response, SessionManager, tmdb


class NoStrategy:
    """Can be opened, and not closed."""

    async def open(self, ask: object) -> object:
        """Open nothing."""
        return ask


async def main(manager: SessionManager) -> None:
    """Go wrong."""
    SessionManager("token")
    RequestTokenLogin("ada")
    manager.session(NoStrategy())
    token: tmdb.CreatedSession = await manager.ask(tmdb.create_request_token())
    token.session_id = "other"
    Request("GET", "/3/x").path = "/3/y"
    tmdb.validate_key().request = Request("GET", "/3/x")
    Response(200, b"").status = 404
    tmdb.create_session()
    BearerToken(b"token")
    ApiKey()
    Request("GET")
    await manager.get("/3/x", params={"a": []})
    call: Call[int] = tmdb.validate_key()
    print(token, call)
'''
FIRST = WRONG[: WRONG.index('    SessionManager("token")')].count("\n") + 1
WRONG_LINES = list(range(FIRST, WRONG.count("\n")))


def lines_of(words: str, file: Path, mark: str) -> set[int]:
    """Read the lines of *file* for which *words* tell an error with *mark* in it."""
    told = [
        line.split(":") for line in words.splitlines() if f"{file.name}:" in line and "error" in line and mark in line
    ]
    return {int(next(part for part in parts if part.isdigit())) for parts in told}


@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_programs_pass(tool: str) -> None:
    """Answers have their types, and a stranger's classes fit, strictly."""
    files = sorted(PROGRAMS.glob("*.py"))
    assert len(files) > 2
    status, words = checked(tool, *files)
    assert status == 0, words


@pytest.mark.parametrize(("tool", "mark"), [("mypy", "unused-coroutine"), ("pyright", "reportUnusedCoroutine")])
def test_a_forgotten_await_is_reported(tool: str, mark: str, tmp_path: Path) -> None:
    """Each coroutine that nobody awaits is an error in its line."""
    file = tmp_path / "forgotten.py"
    file.write_text(FORGOTTEN, encoding="utf-8")
    status, words = checked(tool, file)
    assert status == 1, words
    assert lines_of(words, file, mark) == set(LINES), words


@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_a_wrong_use_is_reported(tool: str, tmp_path: Path) -> None:
    """What cannot work is an error in its line before it is run."""
    file = tmp_path / "wrong.py"
    file.write_text(WRONG, encoding="utf-8")
    status, words = checked(tool, file)
    assert status == 1, words
    assert set(WRONG_LINES) - {WRONG_LINES[-1]} <= lines_of(words, file, ""), words
