"""What never left made nothing: it is told so, it is not counted as lost, and nobody sends it later."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tmdb_auth_async import TMDB, Ask, BearerToken, Call, Guest, SessionManager, TimedOut, tmdb
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.values import SessionValue
from tmdb_auth_async.wire import sending

EXCHANGE = tmdb.create_session("t0k")
GUEST = tmdb.create_guest_session().request.path


class Exchange:
    """Opens a user session in a task of its own."""

    async def open(self, ask: Ask) -> tmdb.UserSession:
        """Exchange a token for it."""
        return tmdb.UserSession((await ask(EXCHANGE)).session_id)

    async def close(self, ask: Ask, session: tmdb.UserSession) -> None:
        """Delete it."""
        await session.close(ask)


async def here(manager: SessionManager) -> None:
    """Open a session in this very task."""
    await manager.ask(EXCHANGE)


async def apart(manager: SessionManager) -> None:
    """Open one in a task of its own."""
    await manager.session(Exchange()).__aenter__()


async def guest(manager: SessionManager) -> None:
    """Open one that nothing closes."""
    await manager.session(Guest()).__aenter__()


Opens = Callable[[SessionManager], Coroutine[Any, Any, None]]


@pytest.fixture
def unanswering() -> Iterator[str]:
    """Listen, and take no connection: the queue of those that wait is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def crowded(fake: FakeTMDB, *, borrowed: bool) -> AsyncIterator[SessionManager]:
    """Give a manager whose only way to *fake* is taken until the block ends: by a guest session that is awaited."""
    async with AsyncExitStack() as stack:
        client = None
        if borrowed:
            client = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)))
        manager = SessionManager(
            BearerToken(fake.read_access_token), service=TMDB.at(fake.url), client=client, timeout_s=0.5, retries=0
        )
        await stack.enter_async_context(manager)
        with fake.hold(GUEST):
            with pytest.raises(TimedOut):
                await guest(manager)
            assert manager.stats().possibly_lost == 1
            yield manager
            assert manager.stats().possibly_lost == 1
    assert manager.stats().possibly_lost == 0
    assert [request.path for request in fake.requests] == [GUEST]


@pytest.fixture
def one_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a client of a manager's own keep one connection."""
    monkeypatch.setattr(sending, "AT_ONCE", 1)


@pytest.mark.usefixtures("one_lane")
@pytest.mark.parametrize("opens", [here, apart, guest])
@pytest.mark.parametrize("borrowed", [False, True], ids=["lane", "pool"])
async def test_who_finds_no_way_to_the_service_in_time_made_nothing(
    fake: FakeTMDB, opens: Opens, *, borrowed: bool
) -> None:
    """The only lane, or connection, is taken: the error says so, and no session is made once it is free."""
    async with crowded(fake, borrowed=borrowed) as manager:
        with pytest.raises(TimedOut, match="nothing was sent") as caught:
            await opens(manager)
        assert not caught.value.may_have_created


@pytest.mark.usefixtures("one_lane")
@pytest.mark.parametrize("opens", [here, apart, guest])
async def test_a_cancel_keeps_back_what_waits_for_a_lane(fake: FakeTMDB, opens: Opens) -> None:
    """Whoever wanted the session is gone: it is not made just to be closed."""
    async with crowded(fake, borrowed=False) as manager:
        opening = asyncio.ensure_future(opens(manager))
        for _ in range(10):
            await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening


@pytest.mark.parametrize("opens", [here, apart, guest])
async def test_a_cancel_keeps_back_what_waits_to_be_sent_again(fake: FakeTMDB, opens: Opens) -> None:
    """The service has said that nothing was done; who is gone by the time it asked for gets nothing made."""
    path = GUEST if opens is guest else EXCHANGE.request.path
    fake.fail("status", status=503, path=path, retry_after=1)
    async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:
        opening = asyncio.ensure_future(opens(manager))
        await fake.arrived(path)
        while not fake.requests[-1].status:
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
    assert manager.stats().possibly_lost == 0
    assert [request.path for request in fake.requests] == [path]


async def test_a_connection_that_does_not_come_is_told_as_that(unanswering: str) -> None:
    """A host that takes no connection, and refuses none either: nothing was sent."""
    async with SessionManager(BearerToken("t"), service=TMDB.at(unanswering), timeout_s=0.5) as manager:
        with pytest.raises(TimedOut, match="nothing was sent") as caught:
            await manager.session(Guest()).__aenter__()
        assert not caught.value.may_have_created
        assert manager.stats().possibly_lost == 0


async def test_a_session_that_the_callers_own_code_cannot_name_is_counted(fake: FakeTMDB) -> None:
    """It was made, and what should say which raises: whoever wrote that gets the error as it is."""

    def opens(_: object) -> SessionValue:
        raise LookupError

    call = Call(tmdb.create_guest_session().request, tmdb.CreatedGuestSession, opens=opens)
    async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:
        with pytest.raises(LookupError):
            await manager.ask(call)
        assert manager.stats().possibly_lost == 1
    assert len(fake.guest_sessions) == 1
