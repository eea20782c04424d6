"""No command shows a secret, in its answer or beside it, as words or as JSON, however loud, whatever goes wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import attrs
import pytest

from tmdb_auth_async.cli import settings, upkeep
from tmdb_auth_async.records import to_text
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing.faults import FaultKind
from tmdb_auth_async.tmdb import UserSession

from .canaries import Canaries, plant
from .cli_canaries import LOGIN, looked_at
from .cli_stage import Environment, run
from .echoing import echoing

ALL = [
    ("validate",),
    LOGIN,
    LOGIN,
    ("whoami",),
    ("guest",),
    ("guest",),
    ("sessions",),
    ("whoami", "--name", "guest"),
    ("recover",),
    ("logout", "--name", "guest"),
    ("logout",),
    ("logout",),
    ("whoami",),
    ("sessions", "--show-id", "default", "--yes"),
]
"""Every command that asks TMDB or looks into the store; the last three find nobody."""

ASKING = [("validate",), LOGIN, ("whoami",), ("guest", "--name", "other"), ("recover",), ("logout",)]
FAULTS: list[FaultKind] = ["status", "reset", "lost answer", "hang", "html", "garbage", "truncated"]
DENIED = {"TMDB_READ_ACCESS_TOKEN": None}


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch, short_waits: None) -> Canaries:
    """Know every secret that this test's fakes hand out; asyncio tells what it does."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    monkeypatch.setattr(settings, "CLOSE_TIMEOUT_S", 0.2)
    return plant(monkeypatch)


@pytest.mark.parametrize("app", ["token", "key"])
async def test_no_command_shows_a_secret(canaries: Canaries, tmp_path: Path, app: str) -> None:
    """Each in turn, by token and by key."""
    statuses: list[int] = []
    async with looked_at(canaries, tmp_path) as looked:
        key: dict[str, str | None] = {} if app == "token" else {**DENIED, "TMDB_API_KEY": looked.fake.api_key}
        for form in ((), ("--json",)):
            statuses += [(await looked.run("--verbose", *words, *form, env=key)).status for words in ALL]
    assert statuses == ([0] * 11 + [2] * 3) * 2
    assert any("tmdb-auth: debug: GET /3/account answered 200" in text for text in canaries.shown)


@pytest.mark.parametrize("words", [("login", "--link"), ("login", "--link", "--v4")], ids=["v3", "v4"])
@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_a_link_is_all_that_is_shown(
    canaries: Canaries, tmp_path: Path, words: tuple[str, ...], decision: str
) -> None:
    """The address to approve at is for the human; nothing else of the login shows, nor that in the answer."""
    exchange = "/4/auth/access_token" if "--v4" in words else "/3/authentication/session/new"
    async with looked_at(canaries, tmp_path) as looked:
        with looked.fake.hold(exchange) as gate:
            running = asyncio.create_task(looked.run("-v", *words, "--json"))
            await gate.reached()
            (request_token,) = looked.fake.request_tokens
            getattr(looked.fake, decision)(request_token)
        assert (await running).status == (0 if decision == "approve" else 1)
        await looked.run("-v", "whoami")
        await looked.run("-v", "logout", "--json")


@pytest.mark.parametrize("kind", FAULTS)
async def test_no_fault_shows_a_secret(
    canaries: Canaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: FaultKind
) -> None:
    """Whatever the service does instead of answering, to whichever command."""
    statuses: set[int] = set()
    patience_s = 0.05 if kind == "hang" else settings.TIMEOUT_S
    async with looked_at(canaries, tmp_path) as looked:
        for words in ASKING:
            if words != LOGIN:
                await looked.run(*LOGIN)
            looked.fake.fail(kind, times=None)
            with monkeypatch.context() as patch:
                patch.setattr(settings, "TIMEOUT_S", patience_s)
                patch.setattr(upkeep, "TIMEOUT_S", patience_s)
                statuses.add((await looked.run("-v", *words, "--json")).status)
            looked.fake.heal()
    assert statuses <= {0, 1, 3}
    assert 3 in statuses


@pytest.mark.parametrize(("status", "code"), [(401, 7), (401, 30), (503, 9), (418, 99)])
async def test_a_refusal_that_quotes_the_request_shows_no_secret(
    canaries: Canaries, tmp_path: Path, status: int, code: int
) -> None:
    """The service's words are shown, every secret of the request is struck out of them, at every step of a login."""
    quoted = 0
    async with looked_at(canaries, tmp_path) as looked:
        for step in range(4):
            async with echoing(looked.fake.url, at=step, status=status, code=code) as echo:
                await looked.run("-v", *LOGIN, "--json", env={"TMDB_URL": echo.url})
                quoted += bool(echo.quoted)
                await looked.run("logout", env={"TMDB_URL": echo.url})
    assert quoted == 4


GIVEN: list[Environment] = [
    {"TMDB_READ_ACCESS_TOKEN": "eyJhbGciOiJIUzI1NiJ9.SECRET.SECRET"},
    {"TMDB_READ_ACCESS_TOKEN": "SECRET\r\nX-Other: SECRET"},
    {"TMDB_READ_ACCESS_TOKEN": "SECRET\N{SNOWMAN}"},
    {"TMDB_READ_ACCESS_TOKEN": None, "TMDB_API_KEY": "SECRET"},
    {"TMDB_READ_ACCESS_TOKEN": None, "TMDB_API_KEY": "SECRET\x7f?&=SECRET"},
    {"TMDB_PASSWORD": "SECRET"},
    {"TMDB_USERNAME": "nobody", "TMDB_PASSWORD": "SECRET"},
    {"TMDB_URL": "https://ada:SECRET@example.com"},
    {"TMDB_URL": "https://127.0.0.1/?api_key=SECRET"},
    {"TMDB_URL": "https://127.0.0.1/#SECRET"},
    {"TMDB_URL": "SECRET"},
]


async def test_what_is_given_wrongly_is_not_shown(canaries: Canaries, tmp_path: Path) -> None:
    """A credential that is refused, or could not be one, and a URL that brings one along."""
    secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    canaries.secrets.add(secret)
    async with looked_at(canaries, tmp_path) as looked:
        for given in GIVEN:
            env = {name: text and text.replace("SECRET", secret) for name, text in given.items()}
            assert (await looked.run("-v", *LOGIN, "--json", env=env)).status in {1, 2}
            assert (await looked.run("-v", "validate", env=env)).status in {0, 1, 2, 3}


@pytest.mark.parametrize(
    "text", ["SECRET", '{"id": "SECRET"}', '{"v": 1, "kind": "SECRET", "data": {}}', "\N{SNOWMAN}SECRET"]
)
async def test_a_kept_session_that_makes_no_sense_is_not_shown(canaries: Canaries, tmp_path: Path, text: str) -> None:
    """What somebody else wrote into the store is refused without quoting it."""
    session = "4e5f60718293a4b5c6d7e8f900112233"
    canaries.secrets.add(session)
    async with looked_at(canaries, tmp_path) as looked:
        store = SQLiteStore(str(looked.env["TMDB_AUTH_STORE"]))
        await store.save(f"default @ {looked.fake.url}", text.replace("SECRET", session))
        await store.aclose()
        for words in (("whoami",), ("sessions",), LOGIN, ("recover",), ("logout",)):
            assert (await looked.run("-v", *words, "--json")).status in {0, 1, 2}


@pytest.mark.parametrize("fault", ["mode", "damage"])
async def test_a_store_that_is_refused_is_not_shown(canaries: Canaries, tmp_path: Path, fault: str) -> None:
    """A file that others can read, or that is damaged: every command says so, with status 2, and leaves it as it is."""
    path = tmp_path / "sessions.db"
    async with looked_at(canaries, tmp_path) as looked:
        await looked.run(*LOGIN)
        if fault == "mode":
            path.chmod(0o644)
        else:
            path.write_bytes(b"".join(secret.encode() for secret in canaries.secrets))
        before = path.read_bytes()
        for words in (("whoami",), ("sessions",), LOGIN, ("guest",), ("recover",), ("logout",)):
            ended = await looked.run("-v", *words, "--json")
            assert (ended.status, str(path) in ended.err) == (2, True)
        assert path.read_bytes() == before


async def test_an_id_is_shown_where_it_was_asked_for_and_nowhere_else(canaries: Canaries, tmp_path: Path) -> None:
    """`--show-id` is the one way to a secret, and gives one only."""
    async with looked_at(canaries, tmp_path) as looked:
        await looked.run(*LOGIN)
        (session_id,) = looked.fake.sessions
        shown = await run("-v", "sessions", "--show-id", "default", "--yes", "--json", env=looked.env)
        assert shown.data == {"name": "default", "id": session_id}
        looked.see(attrs.evolve(shown, out=shown.out.replace(session_id, "")), "sessions", "--show-id")
        assert session_id not in shown.err


async def test_the_demo_shows_no_secret(canaries: Canaries, tmp_path: Path) -> None:
    """What its users do is told by templates, and its fakes hand out secrets as any would."""
    async with looked_at(canaries, tmp_path) as looked:
        handed_out = len(canaries.secrets)
        assert (await looked.run("-v", "demo", "--scopes", "20")).status == 0
        assert len(canaries.secrets) > handed_out + 20


async def test_what_shows_a_secret_is_found(canaries: Canaries, tmp_path: Path) -> None:
    """A command that does show one, in its answer or beside it, fails the check of these tests."""
    session = UserSession("5f60718293a4b5c6d7e8f90011223344")
    canaries.secrets.add(session.id)
    with pytest.raises(AssertionError, match="its answer"):
        await _shown_by(canaries, tmp_path, "--show-id", to_text(session))


async def _shown_by(canaries: Canaries, folder: Path, option: str, text: Any) -> None:
    async with looked_at(canaries, folder) as looked:
        store = SQLiteStore(str(looked.env["TMDB_AUTH_STORE"]))
        await store.save(f"default @ {looked.fake.url}", text)
        await store.aclose()
        await looked.run("sessions", option, "default", "--yes")
