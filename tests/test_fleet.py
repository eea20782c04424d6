"""One name, many processes: SQLite on one machine and Redis on many share a single session."""

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.programs import LOGIN, started, store_at
from tests.redis_server import RedisServer
from tmdb_auth_async import TMDB, AuthError, BearerToken, SessionManager
from tmdb_auth_async.testing import FakeTMDB

NEW = "/3/authentication/session/new"
VALIDATE = "/3/authentication/token/validate_with_login"


@pytest.fixture(params=["sqlite", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the place of a store: a file, or a Redis."""
    if request.param == "sqlite":
        return str(tmp_path / "sessions.db")
    server: RedisServer = request.getfixturevalue("own_redis")
    return server.url


def _manager(fake: FakeTMDB, place: str) -> SessionManager:
    return SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=store_at(place))


def _count(fake: FakeTMDB, path: str) -> int:
    return sum(request.path == path for request in fake.requests)


async def test_eight_processes_of_fifty_tasks_share_one_session(fake: FakeTMDB, place: str) -> None:
    """400 callers in 8 processes get the same session, created once; it stays when they end."""
    args = (fake.url, fake.read_access_token, place, "50")
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(started("login", *args)) for _ in range(8)]
        said = await asyncio.gather(*(process.communicate() for process in processes))
    assert _count(fake, NEW) == 1
    assert {output.decode().strip() for output, _ in said} == fake.sessions
    assert all(process.returncode == 0 for process in processes)


async def test_an_opener_killed_in_the_middle_leaves_one_session(fake: FakeTMDB, place: str) -> None:
    """When the process that opens is killed in the middle of it, the others end with exactly one live session."""
    args = (fake.url, fake.read_access_token, place, "5")
    gate = fake.hold(VALIDATE)
    async with started("login", *args) as opener:
        await fake.arrived(VALIDATE)
        async with AsyncExitStack() as stack:
            others = [await stack.enter_async_context(started("login", *args)) for _ in range(3)]
            opener.send_signal(signal.SIGKILL)
            await opener.wait()
            gate.release()
            said = await asyncio.gather(*(process.communicate() for process in others))
    assert len({output for output, _ in said}) == 1
    assert {output.decode().strip() for output, _ in said} == fake.sessions


async def test_a_replica_closes_what_a_killed_one_held(fake: FakeTMDB, place: str) -> None:
    """50 scopes of a killed replica are closed by another's `recover` within its lease, and none of its own."""
    args = (fake.url, fake.read_access_token, place, "50")
    async with started("hold", *args) as replica, _manager(fake, place) as manager, manager.session(LOGIN) as own:
        assert replica.stdout is not None
        assert await replica.stdout.readline() == b"open\n"
        assert len(fake.sessions) == 51
        replica.send_signal(signal.SIGKILL)
        await replica.wait()
        while manager.stats().recovered < 50:
            await manager.recover()
            await asyncio.sleep(0.05)
        assert fake.sessions == {own.id}


async def test_a_redis_that_comes_and_goes_loses_nothing(fake: FakeTMDB, own_redis: RedisServer) -> None:
    """Stopped and started under load, Redis costs errors of the tree meanwhile, and no session."""
    errors: list[AuthError] = []
    async with _manager(fake, own_redis.url) as manager:
        stop = asyncio.Event()

        async def keep_busy(name: str | None = None) -> None:
            while not stop.is_set():
                try:
                    if name is not None:
                        session = await manager.login(LOGIN, name=name)
                        await session.get("/3/account")
                    async with manager.session(LOGIN) as scoped:
                        await scoped.get("/3/account")
                    if name is not None:
                        await manager.logout(name)
                except AuthError as error:
                    errors.append(error)
                await asyncio.sleep(0)

        busy = [asyncio.create_task(keep_busy(f"user {number}")) for number in range(5)]
        busy.append(asyncio.create_task(keep_busy()))  # a login waits for the Redis that is away, a scope does not
        await fake.arrived(NEW, count=20)
        await asyncio.to_thread(own_redis.stop)
        await fake.arrived(NEW, count=_count(fake, NEW) + 10)
        async with asyncio.timeout(5):  # in which it must be noticed
            while not errors:
                await asyncio.sleep(0.01)
        await asyncio.to_thread(own_redis.start)
        await fake.arrived("/3/account", count=_count(fake, "/3/account") + 100)
        stop.set()
        await asyncio.gather(*busy)
        for name in await manager.names():
            await manager.logout(name)
    assert not fake.sessions
