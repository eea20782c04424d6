"""The command line on a terminal: prompts that hide, a link with its code and a countdown, Ctrl-C."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.testing.fake_tmdb import state

from .cli_stage import Environment, knowing

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals in Python", allow_module_level=True)

from .cli_terminal import Terminal, terminal

CODE = "██ ▄▄▄▄▄ █"
"""The upper left corner of every QR code."""


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path)


async def interrupted(shown: Terminal) -> int:
    """Press Ctrl-C and return the exit status."""
    shown.started.send_signal(signal.SIGINT)
    return await shown.end()


async def test_what_is_secret_is_asked_for_unseen(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The API key and the password are typed and not shown; the name is."""
    async with terminal("login", "--password", env=env | {"TMDB_READ_ACCESS_TOKEN": None}) as shown:
        await shown.until("API key: ")
        shown.type(fake_tmdb.api_key)
        await shown.until("username: ")
        shown.type("ada")
        await shown.until("password: ")
        shown.type("secret")
        assert await shown.end() == 0
    assert "✓ Logged in as ada, kept as default" in shown.words
    assert "username: ada" in shown.seen
    assert "secret" not in shown.seen
    assert fake_tmdb.api_key not in shown.seen


async def test_a_prompt_that_is_left_ends_in_one_line(env: Environment) -> None:
    """Ctrl-C at a prompt is exit status 130, without a traceback."""
    async with terminal("login", "--password", env=env) as shown:
        await shown.until("username: ")
        await shown.until_asleep()
        assert await interrupted(shown) == 130
    assert shown.seen.endswith("tmdb-auth: stopped\r\n")
    assert "Traceback" not in shown.seen


async def test_a_link_comes_with_a_code_and_a_countdown(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """What waits is gone once the human has approved; the link stays."""
    async with terminal("login", "--link", env=env) as shown:
        with fake_tmdb.hold("/3/authentication/session/new"):
            await shown.until("Waiting for your approval, ")
            (request_token,) = fake_tmdb.request_tokens
            fake_tmdb.approve(request_token)
        assert await shown.end() == 0
    assert f"{fake_tmdb.url}/authenticate/{request_token}" in shown.seen
    assert CODE in shown.seen
    assert re.search(r"approval, (60:00|59:\d\d) left", shown.words)
    assert shown.words.endswith("✓ Logged in as ada, kept as default\r\n")


async def test_no_code_is_drawn_where_it_does_not_fit(env: Environment) -> None:
    """On a small terminal the link alone is shown."""
    async with terminal("login", "--link", env=env, lines=20) as shown:
        await shown.until("Waiting for your approval, ")
        assert await interrupted(shown) == 130
    assert CODE not in shown.seen


async def test_a_link_too_long_for_a_code_comes_alone(
    fake_tmdb: FakeTMDB, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No QR code takes it, so the link and the countdown are shown without one."""
    monkeypatch.setattr(state, "new_id", lambda _: "5" * 3000)
    async with terminal("login", "--link", env=env, columns=200, lines=200) as shown:
        await shown.until("Waiting for your approval, ")
        assert await interrupted(shown) == 130
    assert "5" * 3000 in shown.words
    assert CODE not in shown.seen
    assert "Traceback" not in shown.seen


async def test_a_terminal_of_few_signs_gets_words_only(env: Environment) -> None:
    """Where the encoding has neither the tick nor a code's blocks, they are left out; what turns is ASCII."""
    plain = env | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret", "PYTHONIOENCODING": "ascii"}
    async with terminal("login", "--link", env=plain) as shown:
        await shown.until("Waiting for your approval, ")
        assert await interrupted(shown) == 130
    assert r"\u" not in shown.seen
    async with terminal("login", "--password", env=plain) as shown:
        assert await shown.end() == 0
    assert shown.words.endswith("Logged in as ada, kept as default\r\n")
    assert r"\u" not in shown.seen


async def test_no_color_is_words_only(env: Environment) -> None:
    """With NO_COLOR nothing moves, nothing is coloured, no code is drawn."""
    async with terminal("login", "--link", env=env | {"NO_COLOR": "1"}) as shown:
        await shown.until("/authenticate/")
        assert await interrupted(shown) == 130
    assert "\x1b" not in shown.seen
    assert CODE not in shown.seen


async def test_ctrl_c_in_the_wait_leaves_nothing(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The human may even have approved: whatever was made meanwhile is deleted, and the cursor is back."""
    async with terminal("login", "--link", env=env) as shown:
        with fake_tmdb.hold("/3/authentication/session/new", carried_out=True) as gate:
            await shown.until("Waiting for your approval, ")
            for request_token in fake_tmdb.request_tokens:
                fake_tmdb.approve(request_token)
            await gate.reached()
            shown.started.send_signal(signal.SIGINT)
        assert await shown.end() == 130
    assert shown.seen.endswith("tmdb-auth: stopped\r\n")
    assert "Traceback" not in shown.seen
    assert "\x1b[?25h" in shown.seen
    assert not fake_tmdb.sessions


@pytest.fixture
def _hangups_are_heard() -> Iterator[None]:
    """Let the programs that a test starts hear a hangup, even where nohup runs the tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_hangups_are_heard")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_another_signal_in_the_wait_leaves_nothing(fake_tmdb: FakeTMDB, env: Environment, number: int) -> None:
    """It stops as Ctrl-C does, with the status that tells which."""
    async with terminal("login", "--link", env=env) as shown:
        await shown.until("Waiting for your approval, ")
        shown.started.send_signal(number)
        assert await shown.end() == 128 + number
    assert shown.seen.endswith("tmdb-auth: stopped\r\n")
    assert "\x1b[?25h" in shown.seen
    assert not fake_tmdb.sessions


@pytest.mark.parametrize(("typed", "status"), [("y", 0), ("n", 1)])
async def test_an_id_is_shown_after_asking(fake_tmdb: FakeTMDB, env: Environment, typed: str, status: int) -> None:
    """Only a yes shows it."""
    login = env | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}
    async with terminal("login", "--password", env=login) as shown:
        assert await shown.end() == 0
    (session_id,) = fake_tmdb.sessions
    async with terminal("sessions", "--show-id", "default", env=env) as shown:
        await shown.until("[y/N]: ")
        assert session_id not in shown.seen
        shown.type(typed)
        assert await shown.end() == status
    assert (session_id in shown.seen) is (typed == "y")
