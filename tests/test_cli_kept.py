"""Kept sessions on the command line: who is logged in, the list, an id that is shown, logging out."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tmdb_auth_async.cli import settings
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import Environment, knowing, run


@pytest.fixture
async def ada(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Log ada in."""
    fake_tmdb.add_user("ada", "secret")
    env = knowing(fake_tmdb, tmp_path) | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}
    assert (await run("login", "--password", env=env)).status == 0
    return env


async def _spoil(fake: FakeTMDB, env: Environment, name: str) -> None:
    """Keep under *name* what no release of ours has written."""
    store = SQLiteStore(env["TMDB_AUTH_STORE"])
    await store.save(f"{name} @ {fake.url}", "{")
    await store.aclose()


async def test_the_list_asks_tmdb_nothing(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Names, kinds and ends come out of the store, without any credential."""
    await run("guest", env=ada)
    fake_tmdb.requests.clear()
    listed = await run("sessions", env=ada | {"TMDB_READ_ACCESS_TOKEN": None})
    heading, *rows = listed.out.splitlines()
    assert heading.split() == ["Name", "Kind", "Ends"]
    assert [row.split()[:2] for row in rows] == [["default", "user"], ["guest", "guest"]]
    assert not fake_tmdb.requests


async def test_a_tilde_is_the_home_folder(ada: Environment, tmp_path: Path) -> None:
    """A variable, and an option with an equals sign, come here as they are, without a shell that makes a path of it."""
    home = dict.fromkeys(("HOME", "USERPROFILE"), str(tmp_path))
    assert "default" in (await run("sessions", env=ada | home | {"TMDB_AUTH_STORE": "~/sessions.db"})).out
    assert "default" in (await run("sessions", "--store=~/sessions.db", env=ada | home)).out
    nobody = await run("sessions", "--store=~nobody-of-that-name/sessions.db", env=ada)
    assert nobody.status == 2
    assert "nobody here has the home folder" in nobody.err


async def test_the_list_is_data_too(ada: Environment) -> None:
    """As JSON an end is `null`, or a time in UTC."""
    listed = await run("sessions", "--json", env=ada)
    assert listed.data == {"sessions": [{"name": "default", "kind": "user", "expires_at": None}]}


async def test_an_empty_list_is_an_answer(fake_tmdb: FakeTMDB, tmp_path: Path) -> None:
    """With nobody logged in the list is empty, and a hint goes beside it."""
    listed = await run("sessions", env=knowing(fake_tmdb, tmp_path))
    assert (listed.status, listed.out) == (0, "")
    assert listed.err == "Nobody is logged in: run tmdb-auth login\n"


async def test_no_command_shows_a_secret(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Session id, token and password are in no answer and in no note, JSON or not."""
    (session_id,) = fake_tmdb.sessions
    secrets = {session_id, fake_tmdb.read_access_token, fake_tmdb.api_key, "secret"}
    for words in (("whoami",), ("sessions",), ("login", "--password"), ("validate",), ("recover",), ("logout",)):
        for form in ((), ("--json",)):
            shown = await run(*words, *form, env=ada)
            assert not [one for one in secrets if one in shown.out + shown.err], words


async def test_an_id_is_not_shown_to_nobody(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Where nobody can be asked, and --yes was not given, an id is kept."""
    (session_id,) = fake_tmdb.sessions
    asked = await run("sessions", "--show-id", "default", env=ada)
    assert (asked.status, asked.out) == (2, "")
    assert "--yes" in asked.err
    assert session_id not in asked.err


async def test_an_id_is_shown_to_who_confirms(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """--yes is the answer that a program can give."""
    (session_id,) = fake_tmdb.sessions
    assert (await run("sessions", "--show-id", "default", "--yes", env=ada)).out == f"{session_id}\n"


async def test_a_name_that_nobody_has_is_said_so(ada: Environment) -> None:
    """The line names the command that would help, and the status says that nothing was asked."""
    for words in (("whoami",), ("logout",), ("sessions", "--show-id", "bot", "--yes")):
        name = () if words[0] == "sessions" else ("--name", "bot")
        ended = await run(*words, *name, env=ada)
        assert ended.status == 2
        assert ended.err == "tmdb-auth: nobody is logged in as 'bot': run tmdb-auth login --name bot\n"


async def test_a_name_that_may_be_a_credential_is_not_said(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """A web service keeps sessions under its visitors' cookies, which no line beside an answer repeats."""
    cookie = "UbqdzUeJQH7RIyAuFlxIfGK-SFMg6QPi63YIMxZaRvQ"
    named = ("--name", cookie)
    ended = [await run(*words, env=ada) for words in (("whoami", *named), ("sessions", "--show-id", cookie))]
    assert {(one.status, one.err.rpartition(": run ")[2]) for one in ended} == {(2, "tmdb-auth login --name ...\n")}
    assert (await run("login", "--password", *named, env=ada)).status == 0
    ended += [await run("guest", *named, "--json", env=ada), await run("sessions", "--show-id", cookie, env=ada)]
    assert (await run("logout", *named, env=ada)).status == 0
    assert (await run("guest", *named, env=ada)).status == 0
    ended.append(await run("login", "--password", *named, env=ada))
    assert [one.status for one in ended] == [2] * 5
    assert all("not shown" in one.err or "--yes" in one.err for one in ended)
    assert not any(cookie in one.out + one.err for one in ended)


@pytest.mark.parametrize(("name", "command"), [("x y", "login"), ("it's", "login"), ("guest", "guest")])
async def test_the_command_that_would_help_can_be_pasted(ada: Environment, name: str, command: str) -> None:
    """A shell reads the very name out of it, and what it runs makes the first command work."""
    ended = await run("whoami", "--name", name, env=ada)
    program, *words = shlex.split(ended.err.rpartition(": run ")[2])
    assert (program, words[0]) == ("tmdb-auth", command)
    way = ("--password",) if command == "login" else ()
    assert (await run(*words, *way, env=ada)).status == 0
    assert (await run("whoami", "--name", name, env=ada)).status == 0


@pytest.mark.parametrize("words", [("login", "--password"), ("guest",)])
async def test_no_session_is_kept_under_an_empty_name(ada: Environment, words: tuple[str, ...]) -> None:
    """It is wrong usage, and nothing is opened."""
    ended = await run(*words, "--name", "", env=ada)
    assert (ended.status, len(ended.err.splitlines())) == (2, 1)
    assert "not empty" in ended.err
    assert len((await run("sessions", "--json", env=ada)).data["sessions"]) == 1


async def test_a_session_that_is_over_is_a_refusal(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Who asks for the user of a session that TMDB has ended hears so, with status 1."""
    (session_id,) = fake_tmdb.sessions
    fake_tmdb.revoke(session_id)
    assert (await run("whoami", env=ada)).status == 1


async def test_logout_deletes_the_session(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """It is gone at TMDB, and nothing is kept of it."""
    logout = await run("logout", "--json", env=ada)
    assert logout.data == {"name": "default", "kind": "user", "expires_at": None, "deleted": True}
    assert not fake_tmdb.sessions
    assert (await run("sessions", env=ada)).out == ""


async def test_what_cannot_be_read_is_listed_with_the_rest(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Beside what is readable, with the command that forgets it; a login says the same, and a logout does it."""
    await _spoil(fake_tmdb, ada, "tv")
    listed = await run("sessions", env=ada)
    assert listed.status == 0
    assert [row.split()[:2] for row in listed.out.splitlines()[1:]] == [["default", "user"], ["tv", "unreadable"]]
    assert listed.err == "tv cannot be read: tmdb-auth logout --name tv forgets it\n"
    assert {"name": "tv", "kind": "unreadable", "expires_at": None} in (await run("sessions", "--json", env=ada)).data[
        "sessions"
    ]
    login = await run("login", "--password", "--name", "tv", env=ada)
    assert (login.status, len(login.err.splitlines())) == (2, 1)
    assert "a logout removes it" in login.err
    logout = await run("logout", "--name", "tv", env=ada)
    assert (logout.status, logout.err) == (0, "")
    assert "may stay open at TMDB" in logout.out
    assert (await run("login", "--password", "--name", "tv", env=ada)).status == 0


async def test_a_logout_without_an_answer_is_made_up_for(
    fake_tmdb: FakeTMDB, ada: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is forgotten here and stays in the journal: `recover` deletes it, and says so."""
    monkeypatch.setattr(settings, "CLOSE_TIMEOUT_S", 0.2)
    fake_tmdb.fail("reset", path="/3/authentication/session", times=None)
    logout = await run("logout", env=ada)
    assert (logout.status, logout.out) == (3, "")
    assert len(logout.err.splitlines()) == 1
    assert "tmdb-auth recover" in logout.err
    still = await run("recover", "--json", env=ada)
    assert (still.status, still.data["error"]["left"]) == (3, 1)
    fake_tmdb.heal()
    recovered = await run("recover", env=ada)
    assert (recovered.status, recovered.out) == (0, "1 session was left open; it is deleted\n")
    assert not fake_tmdb.sessions
