"""No command shows a secret where it runs as it does for its user: in a process of its own, Python telling all."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tmdb_auth_async.testing.faults import FaultKind

from .canaries import Canaries, plant
from .cli_browser import browser
from .cli_canaries import LOGIN, Looked, looked_at
from .cli_stage import Ended, ended, process, run_process
from .file_modes import PRIVATE, modes

TELLING = {"PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}
"""Python warns of everything, and asyncio of every task that is slow."""

UMASKED = "import os; os.umask(0); from tmdb_auth_async.__main__ import main; main()"
EXCHANGE = "/3/authentication/session/new"


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know every secret that this test's fakes hand out."""
    return plant(monkeypatch)


async def run_there(looked: Looked, *words: str, **env: str) -> Ended:
    """Run a command in a process of its own and look at what it said, warnings and all."""
    return looked.see(await run_process("-v", *words, env={**looked.env, **TELLING, **env}), *words)


async def test_a_day_of_commands_shows_no_secret(canaries: Canaries, tmp_path: Path) -> None:
    """A login, a use and a logout."""
    async with looked_at(canaries, tmp_path) as looked:
        for words in (LOGIN, ("whoami", "--json"), ("logout",)):
            assert (await run_there(looked, *words)).status == 0
        assert not looked.fake.sessions
    assert any("debug: DELETE /3/authentication/session answered 200" in text for text in canaries.shown)


async def test_a_login_by_browser_shows_an_address_and_no_more(canaries: Canaries, tmp_path: Path) -> None:
    """The page to approve at is told, with the way back in it; neither shows anywhere else."""
    async with looked_at(canaries, tmp_path) as looked:
        login = await run_there(looked, "login", "--browser", BROWSER=browser(tmp_path, "approve"))
        assert (login.status, login.err.count("127.0.0.1")) == (0, 2)  # the page's host, and where it comes back to


@pytest.mark.parametrize("kind", ["status", "lost answer", "garbage"])
async def test_a_login_that_fails_shows_no_secret(canaries: Canaries, tmp_path: Path, kind: FaultKind) -> None:
    """One line says what went wrong, and there is no traceback."""
    async with looked_at(canaries, tmp_path) as looked:
        looked.fake.fail(kind, path=EXCHANGE, times=None, status=500 if kind == "status" else None)
        failed = await run_there(looked, *LOGIN, "--json")
        assert failed.status == 3
        assert "Traceback" not in failed.err


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals are POSIX's")
async def test_a_login_that_is_stopped_shows_no_secret(canaries: Canaries, tmp_path: Path) -> None:
    """Ctrl-C between a request and its answer: what was made is deleted, and one line says that it ended."""
    async with looked_at(canaries, tmp_path) as looked:
        gate = looked.fake.hold(EXCHANGE, carried_out=True)
        async with process("-v", *LOGIN, env={**looked.env, **TELLING}) as started:
            await gate.reached()
            started.send_signal(signal.SIGINT)
            gate.release()
            stopped = looked.see(await ended(started), *LOGIN)
        assert stopped.status == 130
        assert "Traceback" not in stopped.err
        assert not looked.fake.sessions


@pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX modes")
async def test_what_a_command_leaves_is_for_its_user_alone(canaries: Canaries, tmp_path: Path) -> None:
    """Whatever the umask: where its user's data lies each folder that it makes is 0700, and each file 0600."""
    async with looked_at(canaries, tmp_path) as looked:
        home = {"TMDB_AUTH_STORE": None, "XDG_DATA_HOME": str(tmp_path / "local" / "share"), "HOME": str(tmp_path)}
        async with process(*LOGIN, env={**looked.env, **home}, python=("-c", UMASKED)) as started:
            assert looked.see(await ended(started), *LOGIN).status == 0
        kept = looked.fake.sessions
    assert modes(tmp_path) == PRIVATE
    assert len(kept) == 1
