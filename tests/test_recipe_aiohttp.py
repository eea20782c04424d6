"""The README's web service, as it stands there, by aiohttp.web: its users log in at TMDB and are remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import BaseTestServer, TestServer
from yarl import URL

from tmdb_auth_async.testing import FakeTMDB

from .people import callback
from .recipes import TwoHoursLater, prepared, recipe

BLOCK = recipe("from aiohttp import web")


@asynccontextmanager
async def _service(patch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[tuple[FakeTMDB, BaseTestServer]]:
    async with prepared(BLOCK, patch, folder) as (fake, defined), TestServer(defined["app"]) as server:
        yield fake, server


def _visitor(server: BaseTestServer) -> aiohttp.ClientSession:
    """Return a browser of somebody's own, with its cookies."""
    return aiohttp.ClientSession(server.make_url("/"), cookie_jar=aiohttp.CookieJar(unsafe=True))


async def _go(browser: aiohttp.ClientSession, url: str, *, method: str = "GET") -> tuple[int, str, str]:
    """Return the status, where it leads, and the text; the service is met here whatever port it believes to have."""
    async with browser.request(method, URL(url).relative() if "//" in url else url, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def _log_in(browser: aiohttp.ClientSession, decision: str = "approve") -> tuple[int, str, str]:
    status, page, _ = await _go(browser, "/login")
    assert status == 302
    return await _go(browser, await callback(page, decision))


async def test_a_user_logs_in_and_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A visitor is sent to TMDB, comes back known by name, and their session ends when they log out."""
    async with _service(monkeypatch, tmp_path) as (fake, server), _visitor(server) as ada:
        assert await _go(ada, "/") == (302, "/login", "302: Found")
        assert (await _log_in(ada))[:2] == (302, "/")
        assert (await _go(ada, "/"))[2] == "Hello ada"
        assert len(fake.sessions) == 1
        for _ in range(2):
            assert (await _go(ada, "/logout", method="POST"))[0] == 302
            assert not fake.sessions
        assert (await _go(ada, "/"))[1] == "/login"


async def test_each_visitor_is_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two visitors have two sessions; the callback of one is nothing in the browser of the other."""
    async with _service(monkeypatch, tmp_path) as (fake, server), _visitor(server) as ada, _visitor(server) as eve:
        await _log_in(ada)
        back = await callback((await _go(eve, "/login"))[1])
        page = (await _go(ada, "/login"))[1]
        assert (await _go(ada, back))[0] == 403
        assert (await _go(ada, await callback(page)))[1] == "/login"
        assert (await _go(eve, back))[:2] == (302, "/")
        assert len(fake.sessions) == 2
        assert (await _go(eve, back))[1] == "/login"


async def test_a_login_that_nobody_completes_is_forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Once its time is over, by the next login; one that is young is not."""
    async with prepared(BLOCK, monkeypatch, tmp_path) as (_, defined), TestServer(defined["app"]) as server:
        begun = defined["app"][defined["BEGUN"]]
        async with _visitor(server) as ada, _visitor(server) as eve:
            for count, visitor in enumerate((ada, eve), start=1):
                await _go(visitor, "/login")
                assert len(begun) == count
            defined["datetime"] = TwoHoursLater
            await _go(ada, "/login")
            assert len(begun) == 1
            assert (await _go(eve, "/callback"))[1] == "/login"


async def test_a_no_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who says no at TMDB is told so, and has no session."""
    async with _service(monkeypatch, tmp_path) as (fake, server), _visitor(server) as ada:
        status, _, text = await _log_in(ada, "deny")
        assert (status, text) == (403, "the user said no")
        assert not fake.sessions


async def test_users_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A service that starts again knows its users still, from its store."""
    async with prepared(BLOCK, monkeypatch, tmp_path) as (fake, defined):
        jar = aiohttp.CookieJar(unsafe=True)
        async with TestServer(defined["app"]) as server, _visitor(server) as ada:
            await _log_in(ada)
            jar.update_cookies(dict(ada.cookie_jar.filter_cookies(server.make_url("/")).items()))
        assert len(fake.sessions) == 1
        again: dict[str, Any] = await _again(defined)
        async with (
            TestServer(again["app"]) as server,
            aiohttp.ClientSession(server.make_url("/"), cookie_jar=jar) as ada,
        ):
            assert (await _go(ada, "/"))[2] == "Hello ada"


async def _again(defined: dict[str, Any]) -> dict[str, Any]:
    """Run the block's text once more, as a new process would, in the same place."""
    names: dict[str, Any] = {"__name__": "recipe", "fake": defined["fake"]}
    exec(compile(BLOCK.source, "README.md", "exec"), names)  # noqa: S102  # the README's own text
    return names
