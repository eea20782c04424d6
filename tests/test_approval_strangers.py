"""The loopback server under strangers: only the right callback counts, and afterwards nothing is left."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp
import attrs
import pytest
from yarl import URL

from tmdb_auth_async import Browser, RequestTokenLogin, V4Login
from tmdb_auth_async.approvals.visitors import MOST_CONNECTIONS

from .people import callback, decide, tmdb_and_ada

LOGINS = pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])


@attrs.frozen
class Visit:
    """A request that a stranger makes, and the status it is answered with."""

    status: int
    method: str = "GET"
    path: str | None = None
    query: dict[str, str | None] = attrs.field(factory=dict)

    async def make(self, client: aiohttp.ClientSession, right: URL) -> None:
        """Make it, at the address whose *right* callback is known; `None` in `query` leaves a parameter out."""
        query = {name: text for name, text in {**right.query, **self.query}.items() if text is not None}
        url = right.with_query(query) if self.path is None else right.with_path(self.path).with_query(query)
        async with client.request(self.method, url, data=b"x" if self.method == "POST" else None) as response:
            assert response.status == self.status
            if self.method != "HEAD":
                page = await response.text()
                assert "You are logged in" not in page
                assert not [text for text in right.query.values() if len(text) > 10 and text in page]


STRANGERS = [
    Visit(404, path="/favicon.ico", query={}),
    Visit(404, path="/"),
    Visit(404, path="/callback"),
    Visit(405, method="POST"),
    Visit(405, method="HEAD"),
    Visit(405, method="OPTIONS"),
    Visit(400, query={"tmdb_login": "guessed"}),
    Visit(400, query={"tmdb_login": None}),
    Visit(400, query={"tmdb_login": "sn\u00f6\ud83d\ude00w"}),
]
STRANGERS_OF_V3 = [Visit(400, query={"request_token": "0" * 40}), Visit(400, query={"request_token": None})]


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process have as many connections as the test needs at both ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8192), hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def _login(
    login: Callable[[Browser], RequestTokenLogin | V4Login], stranger: Callable[[URL], Awaitable[None]]
) -> None:
    """Log in by a browser, with *stranger* at the loopback server before the right callback comes."""

    async def open_url(url: str) -> None:
        right = URL(await callback(url))
        await stranger(right)
        async with aiohttp.ClientSession() as client, client.get(right) as response:
            assert "You are logged in" in await response.text()

    async with tmdb_and_ada() as (fake, manager), manager.session(login(Browser(open_url=open_url))):
        assert len(fake.sessions | fake.access_tokens) == 1


@LOGINS
async def test_strangers_are_turned_away(login: Callable[[Browser], RequestTokenLogin | V4Login]) -> None:
    """Wrong paths, methods, tokens and values get a small page; the login waits for the right callback."""

    async def stranger(right: URL) -> None:
        visits = STRANGERS + (STRANGERS_OF_V3 if login is RequestTokenLogin else [])
        async with aiohttp.ClientSession() as client:
            for visit in visits:
                await visit.make(client, right)

    await _login(login, stranger)


async def test_noise_is_survived(caplog: pytest.LogCaptureFixture) -> None:
    """A megabyte of header, a megabyte of body and bytes that are no HTTP end their own connection only, unlogged."""

    async def stranger(right: URL) -> None:
        target = right.raw_path_qs.encode()
        noises = [
            b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 2**20 + b"\r\n\r\n",
            b"GET /" + b"x" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n" + b"x" * 2**20,
            b"GET " + target + b" HTTP/9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 100,
        ]
        for noise in noises:
            reader, writer = await asyncio.open_connection(right.host, right.port)
            try:
                writer.write(noise)
                await writer.drain()
                assert b"You are logged in" not in await reader.read()
            except ConnectionError:
                pass
            finally:
                writer.close()

    await _login(RequestTokenLogin, stranger)
    assert not caplog.records


@pytest.mark.usefixtures("many_files")
async def test_a_thousand_connections_are_survived() -> None:
    """Whoever opens connections and says nothing shuts nobody out: the oldest of them go."""
    held: list[asyncio.StreamWriter] = []

    async def stranger(right: URL) -> None:
        for _ in range(1000):
            _, writer = await asyncio.open_connection(right.host, right.port)
            held.append(writer)
        assert _open_files() < len(held) + 3 * MOST_CONNECTIONS

    await _login(RequestTokenLogin, stranger)
    assert len(held) == 1000
    for writer in held:
        writer.close()


async def test_it_listens_on_this_machine_only_and_is_gone_afterwards() -> None:
    """127.0.0.1 is its only address while the login waits, and nothing listens once it is over."""
    addresses: list[tuple[str, int]] = []

    async def stranger(right: URL) -> None:
        assert right.host == "127.0.0.1"
        assert right.port
        addresses.append((right.host, right.port))
        assert _listening(right.port) == ["0100007F"]

    for login in (RequestTokenLogin, V4Login):
        await _login(login, stranger)
    assert len(addresses) == 2
    for address in addresses:
        assert not _listening(address[1])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=1)


async def test_the_right_callback_counts_once() -> None:
    """The same callback again, while the login is being finished, is no second login."""
    exchange = "/3/authentication/session/new"
    statuses: list[int] = []
    async with tmdb_and_ada() as (fake, manager):
        gate = fake.hold(exchange)

        async def open_url(url: str) -> None:
            right = URL(await callback(url))
            async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as visits:

                async def visit() -> None:
                    async with client.get(right) as response:
                        statuses.append(response.status)

                visits.create_task(visit())
                visits.create_task(visit())
                await fake.arrived(exchange)
                await Visit(404, path="/a/later/visitor").make(client, right)
                gate.release()

        async with manager.session(RequestTokenLogin(Browser(open_url=open_url))):
            assert len(fake.sessions) == 1
        asked = [request.path for request in fake.requests if request.path == exchange]
    assert statuses == [200, 200]
    assert len(asked) == 1


async def test_addresses_are_never_the_same() -> None:
    """Each login has a path and a value of its own, of 256 bits each."""
    seen: set[str] = set()

    async def stranger(right: URL) -> None:
        seen.update([right.path, right.query["tmdb_login"]])

    for _ in range(3):
        await _login(V4Login, stranger)
    assert len(seen) == 6
    assert min(map(len, seen)) >= 43


async def test_a_cancel_at_any_moment_leaves_nothing() -> None:
    """However far a login has come, a cancel ends its server, its tasks and its session."""
    async with tmdb_and_ada() as (fake, manager):

        async def log_in() -> None:
            async with manager.session(RequestTokenLogin(Browser(open_url=decide))):
                pass

        tasks, files = asyncio.all_tasks(), _open_files()
        ticks = 0
        while not await _cancelled_after(ticks, asyncio.get_running_loop().create_task(log_in())):
            await _settled(tasks, files + 4)
            assert not fake.sessions
            ticks += 1
        assert ticks > 10, ticks


async def _cancelled_after(ticks: int, work: asyncio.Task[None]) -> bool:
    """Cancel *work* after so many rounds of the loop; say whether it was through before."""
    for _ in range(ticks):
        await asyncio.sleep(0)
    if work.done():
        await work
        return True
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    return False


async def _settled(tasks: set[asyncio.Task[object]], files: int) -> None:
    """Wait until no more *files* are open, and no task is left that was not there before.

    But for those of connections kept alive. What was closed is gone some rounds of the
    loop later, and how many is the loop's own affair.
    """
    async with asyncio.timeout(5):
        while _open_files() > files or [
            task
            for task in asyncio.all_tasks() - tasks
            if "RequestHandler.start" not in repr(task.get_coro()) and task is not asyncio.current_task()
        ]:
            await asyncio.sleep(0)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _listening(port: int) -> list[str]:
    """List the addresses, as the kernel writes them, on which somebody listens on *port*."""
    tables = [Path(f"/proc/net/{name}").read_text(encoding="ascii") for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table.splitlines()[1:]]
    local = [fields[1].split(":") for fields in lines if fields[3] == "0A"]
    return [address for address, found in local if int(found, 16) == port]
