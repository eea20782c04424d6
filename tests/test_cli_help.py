"""What the command line says of itself, and how it says that something is wrong."""

from __future__ import annotations

import pytest

from tmdb_auth_async.cli.app import commands

from .cli_stage import Ended, ended, process, run

COMMANDS = ("demo", "validate", "login", "whoami", "sessions", "logout", "guest", "recover", "fake")
WITHOUT = "import sys; sys.modules[{missing!r}] = None; from tmdb_auth_async.__main__ import main; main()"
INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == "tmdb_auth_async.cli.app":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from tmdb_auth_async.__main__ import main

main()
"""


def test_the_commands_are_these() -> None:
    """No more and no less, in the order in which they are taught."""
    assert tuple(commands.commands) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_explains_itself(command: str) -> None:
    """Its help has a first sentence of its own, and every command can answer as JSON."""
    shown = await run(command, "--help")
    assert shown.status == 0
    assert shown.out.startswith(f"Usage: tmdb-auth {command}")
    assert "--json" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


async def test_the_help_teaches() -> None:
    """First steps, the environment and the exit statuses are all in it."""
    shown = await run("--help")
    for taught in ("tmdb-auth demo", "TMDB_READ_ACCESS_TOKEN", "TMDB_AUTH_STORE", "130  stopped by Ctrl-C"):
        assert taught in shown.out
    for command in COMMANDS:
        assert f"\n  {command} " in shown.out


async def test_no_secret_is_an_argument() -> None:
    """No option of any command takes a token, a key, a password or an id."""
    taking = {
        option
        for name in COMMANDS
        for option in commands.commands[name].params
        if not getattr(option, "is_flag", False)
    }
    assert {option.name for option in taking} == {"name", "url", "store", "show_id", "port", "scopes", "seed"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("logn",), "No such command 'logn'"),
        (("login", "--nme", "x"), "No such option"),
        (("login", "--name"), "requires an argument"),
        (("fake", "--port", "http"), "is not a valid integer"),
        (("whoami", "ada"), "whoami takes options only"),
    ],
)
async def test_wrong_usage_is_one_line(words: tuple[str, ...], said: str) -> None:
    """It says what is wrong and where help is, with status 2; as JSON too."""
    plain, data = await run(*words), await run(*words, "--json")
    assert (plain.status, plain.out) == (2, "")
    assert len(plain.err.splitlines()) == 1
    assert said in plain.err
    assert "--help" in plain.err
    if "--name" not in words:
        assert data.data["error"]["kind"] == "UsageError"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("login", "--password", "CANARY"), "--password takes no value: it is asked for, or comes from TMDB_PASSWORD"),
        (("login", "CANARY", "--password"), "--password takes no value"),
        (("login", "--password=CANARY"), "'--password' does not take a value"),
        (("login", "CANARY"), "login takes options only"),
        (("sessions", "--yes", "CANARY"), "sessions takes options only"),
    ],
)
async def test_a_secret_that_is_given_as_an_argument_is_not_repeated(words: tuple[str, ...], said: str) -> None:
    """Where the shell's history has it, no log or report need have it too; what to do in its place is said."""
    for form in ((), ("--json",)):
        ended = await run(*words, *form)
        assert ended.status == 2
        assert said in ended.err
        assert "CANARY" not in ended.out + ended.err


@pytest.mark.parametrize("words", [("--json", "login"), ("--jsn", "login", "--json"), ("-x", "--json")])
async def test_wrong_usage_before_the_command_is_the_same(words: tuple[str, ...]) -> None:
    """It is one line and status 2, and JSON where that was named anywhere."""
    said = await run(*words)
    assert said.status == 2
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("tmdb-auth: No such option")
    assert said.data["error"]["kind"] == "UsageError"


async def test_no_word_at_all_is_answered_by_the_help() -> None:
    """The whole of it, as ever."""
    said = await run()
    assert "First steps" in said.out + said.err


async def test_ctrl_c_while_it_loads_is_one_line() -> None:
    """It is exit status 130 before there is any command, without a traceback."""
    async with process(python=("-c", INTERRUPTED)) as started:
        assert await ended(started) == Ended(130, "", "tmdb-auth: stopped\n")


@pytest.mark.parametrize("missing", ["click", "rich.console", "segno"])
async def test_without_the_extra_the_command_line_names_it(missing: str) -> None:
    """One line says what to install, with status 2."""
    async with process("demo", python=("-c", WITHOUT.format(missing=missing))) as started:
        said = await ended(started)
    assert (said.status, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert "pip install 'tmdb-auth-async[cli]'" in said.err


async def test_a_module_of_ours_that_is_missing_is_no_extra() -> None:
    """What is broken in the package itself is not said to be an extra."""
    async with process(python=("-c", WITHOUT.format(missing="tmdb_auth_async.cli.kept"))) as started:
        said = await ended(started)
    assert said.status == 1
    assert "ModuleNotFoundError" in said.err


async def test_the_fakes_are_loaded_only_to_serve() -> None:
    """A command that asks TMDB starts without them."""
    program = "import tmdb_auth_async.cli.app, sys; print(*sys.modules)"
    async with process(python=("-W", "error", "-c", program)) as started:
        loaded = set((await ended(started)).out.split())
    assert "tmdb_auth_async.cli.kept" in loaded
    assert not {"tmdb_auth_async.testing", "aiosqlite", "webbrowser"} & loaded


async def test_the_module_runs_as_the_command_does() -> None:
    """`python -m tmdb_auth_async` is the same."""
    async with process("--version") as started:
        said = await ended(started)
    assert said == Ended(0, said.out, "")
    assert said.out.startswith("tmdb-auth, version ")
