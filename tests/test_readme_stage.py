"""What the README promises its examples is there when they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .readme_blocks import Block
from .readme_runner import run
from .readme_stage import stage

FIRST_MINUTE = """
from tmdb_auth_async import BearerToken, Password, RequestTokenLogin, SessionManager

async with SessionManager(BearerToken(read_access_token)) as manager:
    async with manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada:
        account = await ada.get("/3/account")
        assert len(fake.sessions) == 1
assert not fake.sessions
"""
WHOLE_PROGRAM = """
import asyncio
from tmdb_auth_async import BearerToken, Guest, SessionManager

async def main() -> None:
    async with SessionManager(BearerToken.from_env()) as manager, manager.session(Guest()) as guest:
        assert guest.id in fake.guest_sessions

asyncio.run(main())
"""
SHORT = """
account = await ada.get("/3/account")
async with manager.session(Guest()) as guest:
    assert {ada.id, guest.id} <= fake.sessions | fake.guest_sessions
"""
OTHER_SERVICE = """
from tmdb_auth_async import ApiKey, SessionManager, TMDB
manager: SessionManager | None = SessionManager(ApiKey(api_key), service=TMDB)
assert isinstance(manager, SessionManager)
async with manager:
    await manager.get("/3/authentication")
"""
PRINTED = """
import asyncio
token = (await manager.get("/3/authentication/token/new"))["request_token"]
print("Please open:", f"{fake.url}/authenticate/{token}")
while True:
    try:
        answer = await manager.post("/3/authentication/session/new", json={"request_token": token})
        break
    except Exception:
        await asyncio.sleep(0.01)
account = await manager.get("/3/account", params={"session_id": answer["session_id"]})
"""
BROWSED = """
import webbrowser
token = (await manager.get("/3/authentication/token/new"))["request_token"]
landed = f"{fake.url}/authenticate/{token}?redirect_to={fake.url}/auth/access/allow"
assert webbrowser.open(landed)
await fake.arrived("/auth/access/allow")
"""


async def _run(source: str, patch: pytest.MonkeyPatch, folder: Path) -> dict[str, object]:
    block = Block(Path("PAGE.md"), 1, source)
    async with stage(block, patch, folder) as names:
        return await run(block, names)


@pytest.mark.parametrize("source", [FIRST_MINUTE, SHORT, PRINTED], ids=["first minute", "short", "printed link"])
async def test_an_example_meets_the_fake(source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whole or short, an example reads ada's account from the fake, and knows of no other TMDB."""
    assert (await _run(source, monkeypatch, tmp_path))["account"]


@pytest.mark.parametrize("source", [WHOLE_PROGRAM, OTHER_SERVICE, BROWSED], ids=["program", "service", "browser"])
async def test_an_example_may_check_itself(source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An example with a loop of its own, a service that it names, or a browser, runs to its end."""
    fake = (await _run(source, monkeypatch, tmp_path))["fake"]
    assert isinstance(fake, FakeTMDB)
    assert fake.requests


async def test_an_example_that_imports_must_import_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A forgotten import fails, as it would for the reader."""
    with pytest.raises(NameError, match="Guest"):
        await _run("import json\nGuest()", monkeypatch, tmp_path)
