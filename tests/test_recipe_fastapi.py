"""The README's web service by FastAPI, as it stands there: its users log in at TMDB and are remembered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .asgi import Answered, Visitor, served
from .people import callback
from .recipes import TwoHoursLater, prepared, recipe

pytest.importorskip("fastapi")

BLOCK = recipe("from fastapi import")


@asynccontextmanager
async def _service(patch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[tuple[FakeTMDB, Visitor]]:
    async with prepared(BLOCK, patch, folder) as (fake, defined), served(defined["app"]) as visitor:
        yield fake, visitor


async def _log_in(visitor: Visitor, decision: str = "approve") -> Answered:
    page = await visitor.get("/login")
    assert page.status == 307
    return await visitor.get(await callback(page.headers["location"], decision))


async def test_a_user_logs_in_and_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A visitor is sent to TMDB, comes back known by name, and their session ends when they log out."""
    async with _service(monkeypatch, tmp_path) as (fake, ada):
        assert (await ada.get("/")).status == 401
        back = await _log_in(ada)
        assert (back.status, back.headers["location"]) == (307, "/")
        assert json.loads((await ada.get("/")).body) == {"hello": "ada"}
        assert len(fake.sessions) == 1
        for _ in range(2):
            assert (await ada.get("/logout", method="POST")).status == 303
            assert not fake.sessions


async def test_each_visitor_is_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The callback of one visitor is nothing in the browser of another."""
    async with _service(monkeypatch, tmp_path) as (fake, ada):
        eve = Visitor(ada.app, ada.state)
        back = await callback((await eve.get("/login")).headers["location"])
        assert (await ada.get(back)).headers["location"] == "/login"
        await ada.get("/login")
        assert (await ada.get(back)).status == 403
        assert not fake.sessions
        assert (await eve.get(back)).headers["location"] == "/"
        assert json.loads((await eve.get("/")).body) == {"hello": "ada"}


async def test_a_login_that_nobody_completes_is_forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Once its time is over, by the next login; one that is young is not."""
    async with prepared(BLOCK, monkeypatch, tmp_path) as (_, defined), served(defined["app"]) as ada:
        for count in (1, 2):
            await Visitor(ada.app, ada.state).get("/login")
            assert len(defined["begun"]) == count
        defined["datetime"] = TwoHoursLater
        await ada.get("/login")
        assert len(defined["begun"]) == 1


async def test_a_no_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who says no at TMDB is told so, and has no session."""
    async with _service(monkeypatch, tmp_path) as (fake, ada):
        refused = await _log_in(ada, "deny")
        assert (refused.status, json.loads(refused.body)) == (403, {"detail": "the user said no"})
        assert not fake.sessions
