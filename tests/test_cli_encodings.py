"""The command line where a name or a password comes in another encoding: one line, nothing of it shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import Environment, knowing, run

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals in Python", allow_module_level=True)

from .cli_terminal import terminal

LATIN = "CANARY-é-CANARY".encode("latin-1")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": None}


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path) | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}


@pytest.mark.parametrize(
    ("command", "unset", "prompt"),
    [
        (("login", "--password"), "TMDB_PASSWORD", "password: "),
        (("login", "--password"), "TMDB_USERNAME", "username: "),
        (("validate",), "TMDB_READ_ACCESS_TOKEN", "API key: "),
    ],
)
@pytest.mark.parametrize(
    ("locale", "typed"),
    [({"PYTHONUTF8": "1"}, LATIN), (ASCII, LATIN.decode("latin-1").encode())],
    ids=["utf8", "ascii"],
)
async def test_what_is_typed_in_another_encoding_is_not_sent(
    fake_tmdb: FakeTMDB,
    env: Environment,
    command: tuple[str, ...],
    unset: str,
    prompt: str,
    locale: Environment,
    typed: bytes,
) -> None:
    """It is status 2 and one line that says what to do; no traceback shows a part of a password."""
    async with terminal(*command, env=env | locale | {unset: None}) as shown:
        await shown.until(prompt)
        shown.type_bytes(typed)
        assert await shown.end() == 2
    said = shown.words.splitlines()[-1]
    assert said.startswith("tmdb-auth: the TMDB ")
    assert unset in said
    assert "Traceback" not in shown.seen
    if not prompt.startswith("username"):
        assert "CANARY" not in shown.seen
    assert not any("login" in request.path for request in fake_tmdb.requests)


async def test_an_answer_in_another_encoding_is_no_yes(env: Environment, fake_tmdb: FakeTMDB) -> None:
    """The id stays hidden, and that is said in one line."""
    assert (await run("login", "--password", env=env)).status == 0
    (session_id,) = fake_tmdb.sessions
    async with terminal("sessions", "--show-id", "default", env=env | {"PYTHONIOENCODING": "utf-8:strict"}) as shown:
        await shown.until("[y/N]: ")
        shown.type_bytes(LATIN)
        await shown.until("it is not shown")
        assert await shown.end() == 1
    assert session_id not in shown.seen
    assert "Traceback" not in shown.seen


@pytest.mark.parametrize("variable", ["TMDB_USERNAME", "TMDB_PASSWORD"])
async def test_a_variable_in_another_encoding_is_named(fake_tmdb: FakeTMDB, env: Environment, variable: str) -> None:
    """It is status 2, and nothing of it is sent or shown."""
    said = await run("login", "--password", env=env | {variable: LATIN.decode(errors="surrogateescape")})
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(f"tmdb-auth: {variable} holds bytes that are no UTF-8")
    assert "CANARY" not in said.err
    assert not any("login" in request.path for request in fake_tmdb.requests)


async def test_the_end_of_a_line_is_no_part_of_a_variable(env: Environment) -> None:
    """A file of variables that Windows has written leaves a carriage return at the end of each."""
    said = await run("login", "--password", env=env | {"TMDB_USERNAME": "ada\r", "TMDB_PASSWORD": "secret\r"})
    assert said.out == "Logged in as ada, kept as default\n"
