"""The demo: what it shows, what it counts, and how it ends."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

import aiohttp
import attrs
import pytest

from tmdb_auth_async.cli.demo import run as demo
from tmdb_auth_async.cli.demo.cancels import Tick, by_manager
from tmdb_auth_async.cli.demo.findings import Outcome
from tmdb_auth_async.cli.demo.handwritten import HandWritten
from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import run, run_process

STRATEGIES = [
    'RequestTokenLogin(Password("ada", "…"))',
    "RequestTokenLogin(Link(show))",
    "RequestTokenLogin(Browser())",
    "Chain(RequestTokenLogin(Browser()), RequestTokenLogin(Link(show)))",
    "V4Conversion(V4Login(Link(show)))",
    "V4Login(Link(show))",
    "BearerToken(user_token)",
    "V4Conversion(BearerToken(user_token))",
    "Guest()",
    'ZitadelLogin("ada", password="…")',
    'ZitadelLogin("ada", password="…", totp=read_code)',
]
NO_OUTCOME = Outcome(scopes=1, cancelled=1, finished=0, failed=0, left_behind=0, took_s=0.0)


async def test_the_demo_leaves_nothing_behind() -> None:
    """Every strategy opens, uses and closes a session; cancels at random leave none of the manager's."""
    shown = await run_process("demo", "--json", "--scopes", "60")
    data = shown.data
    assert (shown.status, shown.err) == (0, "")
    assert [visit["strategy"] for visit in data["visits"]] == STRATEGIES
    assert (data["left"], data["clean"], data["skipped"]) == (0, True, None)
    assert data["manager"]["left_behind"] == 0
    for client in (data["by_hand"], data["manager"]):
        assert client["scopes"] == client["cancelled"] + client["finished"] + client["failed"] == 60
        assert client["failed"] == 0
    assert data["took_s"] < 20


async def test_each_visit_is_opened_used_and_closed() -> None:
    """The steps come in that order, each with what was asked, and none with an id."""
    data = (await run("demo", "--json", "--scopes", "1")).data
    for visit in data["visits"]:
        phases = [step["phase"] for step in visit["steps"]]
        assert phases == sorted(phases, key=["open", "use", "close"].index)
        assert set(phases) == {"open", "use", "close"}
        for step in visit["steps"]:
            assert re.fullmatch(r"(GET|POST|PATCH|DELETE) /[\w/{}]+|\(.*\)", step["asked"]), step
            assert not re.search(r"[0-9a-f]{20}", step["asked"])
            assert step["status"] is None or step["status"] < 300


async def test_what_is_live_is_told_after_each_step() -> None:
    """A session is live from its opening to its close, and so is a token that was made for it."""
    data = (await run("demo", "--json", "--scopes", "1")).data
    (both,) = [visit for visit in data["visits"] if visit["strategy"] == "V4Conversion(V4Login(Link(show)))"]
    live = [(step["live"]["sessions"], step["live"]["access_tokens"]) for step in both["steps"]]
    assert live == [(0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (0, 1), (0, 0)]


async def test_people_read_the_same() -> None:
    """Without --json a line a step, the count of sessions left, and a table at the end."""
    shown = await run("demo", "--scopes", "5")
    assert shown.status == 0
    for strategy in STRATEGIES:
        assert f"\n{strategy}\n" in shown.out
    assert re.search(r"\n  open  GET /3/authentication/token/new +200 +\d+\.\d  -\n", shown.out)
    assert "\nSessions left: 0 " in shown.out
    assert re.search(r"\n  SessionManager( +\d+){3} +\d\.\d +0\n", shown.out)
    assert shown.out.endswith("\nThe manager has left nothing behind.\n")


async def test_a_manager_that_leaves_a_session_fails_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is exit status 1, and said in words."""

    async def leaky(moments_s: list[float], *, tick: Tick) -> Outcome:
        return attrs.evolve(NO_OUTCOME, left_behind=1)

    monkeypatch.setattr(demo, "by_manager", leaky)
    shown = await run("demo", "--scopes", "1")
    assert shown.status == 1
    assert shown.out.endswith("this must never be.\n")


async def test_without_its_extra_zitadel_is_not_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo says what to install, and goes on."""
    monkeypatch.setattr(demo, "EXTRA", ("no_such_library",))
    shown = await run("demo", "--scopes", "1")
    assert shown.status == 0
    assert "pip install 'tmdb-auth-async[zitadel]'" in shown.out
    assert "ZitadelLogin" not in shown.out


async def test_the_count_is_of_cancelled_visits() -> None:
    """Cancelled at once, late, or never in time: each is counted, and none left behind."""
    ticks: list[None] = []
    outcome = await by_manager([0.0, 0.03, 60.0], tick=lambda: ticks.append(None))
    assert (outcome.cancelled, outcome.finished, outcome.failed, outcome.left_behind) == (2, 1, 0, 0)
    assert len(ticks) == 3


async def test_what_the_hand_written_client_loses(fake_tmdb: FakeTMDB) -> None:
    """Cancelled while the answer that names its session is on its way, it has nothing to delete; else it deletes."""
    fake_tmdb.add_user("ada", "secret")
    headers = {"Authorization": f"Bearer {fake_tmdb.read_access_token}"}
    async with aiohttp.ClientSession(fake_tmdb.url, headers=headers) as client:
        visitor = HandWritten(client, username="ada", password="secret")
        with fake_tmdb.hold("/3/account") as gate:
            used = asyncio.create_task(visitor.visit())
            await gate.reached()
            used.cancel()
            with suppress(asyncio.CancelledError):
                await used
        assert not fake_tmdb.sessions
        with fake_tmdb.hold("/3/authentication/session/new", carried_out=True) as gate:
            opening = asyncio.create_task(visitor.visit())
            await gate.reached()
            opening.cancel()
            with suppress(asyncio.CancelledError):
                await opening
        await visitor.aclose()
    assert len(fake_tmdb.sessions) == 1
