"""A manager belongs to the event loop of its client: in another one it says so, and is none the worse for it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import aiohttp
import pytest

from tmdb_auth_async import TMDB, BearerToken, Guest, NotConfigured, SessionManager, tmdb

from .scripted import Scripted

Runners = tuple[asyncio.Runner, asyncio.Runner]


@pytest.fixture
def server() -> Iterator[Scripted]:
    """Say yes to everything, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = Scripted()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def loops() -> Iterator[Runners]:
    """Give two loops, of which one runs at a time."""
    with asyncio.Runner() as first, asyncio.Runner() as second:
        yield first, second


async def read(manager: SessionManager) -> None:
    """Read."""
    await manager.get("/3/account")


async def write(manager: SessionManager) -> None:
    """Write."""
    await manager.put("/3/account")


async def typed(manager: SessionManager) -> None:
    """Ask for something typed."""
    await manager.ask(tmdb.validate_key())


async def scope(manager: SessionManager) -> None:
    """Open a session."""
    async with manager.session(Guest()):
        pass


USES = [read, write, typed, scope]
Use = Callable[[SessionManager], Coroutine[Any, Any, None]]


@pytest.mark.parametrize("use", USES)
def test_a_manager_in_another_loop_says_what_is_wrong(server: Scripted, loops: Runners, use: Use) -> None:
    """Nothing is sent there; in its own loop it goes on."""
    first, second = loops
    manager = SessionManager(BearerToken("t"), service=TMDB.at(server.url))
    first.run(read(manager))
    for _ in range(2):
        with pytest.raises(NotConfigured, match="another event loop"):
            second.run(use(manager))
    assert len(server.arrived) == 1
    first.run(read(manager))
    assert len(server.arrived) == 2
    assert manager.stats().possibly_lost == 0
    first.run(manager.aclose())


@pytest.mark.parametrize("use", USES)
def test_a_client_of_another_loop_says_what_is_wrong(server: Scripted, loops: Runners, use: Use) -> None:
    """A program that makes its client elsewhere learns so with its first request."""
    first, second = loops

    async def make() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    client = first.run(make())
    manager = SessionManager(BearerToken("t"), service=TMDB.at(server.url), client=client)
    with pytest.raises(NotConfigured, match="another event loop"):
        second.run(use(manager))
    second.run(manager.aclose())
    first.run(client.close())
    assert not server.arrived


def test_a_manager_that_is_ended_in_another_loop_ends(
    server: Scripted, loops: Runners, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is left to be closed: it says nothing."""
    first, second = loops
    manager = SessionManager(BearerToken("t"), service=TMDB.at(server.url))
    first.run(read(manager))
    with caplog.at_level(logging.WARNING):
        second.run(manager.aclose())
        first.run(asyncio.sleep(0))
    assert not caplog.records
