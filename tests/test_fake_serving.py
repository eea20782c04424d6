"""A fake's server: waiting for requests, holding them, its clock, its start and its end."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

from tmdb_auth_async.testing import FakeTMDB

PATH = "/3/authentication/guest_session/new"
TOKEN_NEW = "/4/auth/request_token"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client that opens a connection for each request."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def _get(client: aiohttp.ClientSession, fake: FakeTMDB, path: str = PATH) -> int:
    async with client.get(fake.url + path, params={"api_key": fake.api_key}) as answer:
        await answer.read()
        return answer.status


async def _post(client: aiohttp.ClientSession, fake: FakeTMDB) -> int:
    """Ask for a v4 request token; unlike a GET, no client repeats that by itself."""
    headers = {"Authorization": f"Bearer {fake.read_access_token}"}
    async with client.post(fake.url + TOKEN_NEW, headers=headers) as answer:
        return answer.status


async def test_a_held_request_waits_before_it_is_carried_out(
    fake_tmdb: FakeTMDB, client: aiohttp.ClientSession
) -> None:
    """A gate holds its path's requests, nothing is done meanwhile, and others pass."""
    with fake_tmdb.hold(PATH) as gate:
        held = [asyncio.create_task(_get(client, fake_tmdb)) for _ in range(2)]
        await gate.reached(2)
        assert not fake_tmdb.guest_sessions
        assert await _get(client, fake_tmdb, "/3/configuration") == 200
    assert await asyncio.gather(*held) == [200, 200]
    assert len(fake_tmdb.guest_sessions) == 2
    assert await _get(client, fake_tmdb) == 200


async def test_a_held_answer_waits_after_it_is_carried_out(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """With carried_out the work is done and only its answer waits."""
    gate = fake_tmdb.hold(PATH, method="GET", carried_out=True)
    held = asyncio.create_task(_get(client, fake_tmdb))
    await gate.reached()
    assert len(fake_tmdb.guest_sessions) == 1
    assert not held.done()
    gate.release()
    assert await held == 200


async def test_a_held_request_is_carried_out_although_its_client_left(
    fake_tmdb: FakeTMDB, client: aiohttp.ClientSession
) -> None:
    """A server does not know that nobody listens any more: the session is opened."""
    gate = fake_tmdb.hold(PATH)
    held = asyncio.create_task(_get(client, fake_tmdb))
    await gate.reached()
    held.cancel()
    await asyncio.wait([held])
    gate.release()
    async with asyncio.timeout(2):
        while not fake_tmdb.guest_sessions:
            await asyncio.sleep(0)
    assert len(fake_tmdb.guest_sessions) == 1


async def test_arrivals_can_be_waited_for(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """A test learns of a request at once, early or late, by path, template and method."""
    waiting = asyncio.create_task(fake_tmdb.arrived("/3/movie/{movie_id}", count=2))
    assert await _get(client, fake_tmdb, "/3/movie/1") == 200
    assert not waiting.done()
    assert await _get(client, fake_tmdb, "/3/movie/2") == 200
    await waiting
    await fake_tmdb.arrived("/3/movie/2", method="GET")
    await _get(client, fake_tmdb, "/3/account/123")
    await fake_tmdb.arrived("/3/account/123")
    await fake_tmdb.arrived("/3/account/{account_id}")


async def test_what_does_not_arrive_is_not_waited_for_forever(fake_tmdb: FakeTMDB) -> None:
    """The wait ends with how many came, and is forgotten."""
    with pytest.raises(TimeoutError, match="0 of 1 requests"):
        await fake_tmdb.arrived(PATH, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        await fake_tmdb.hold(PATH).reached(timeout_s=0.01)


async def test_the_log_can_be_begun_anew(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """Clearing the list forgets what came, also of a request not answered yet."""
    gate = fake_tmdb.hold(PATH)
    held = asyncio.create_task(_get(client, fake_tmdb))
    await fake_tmdb.arrived(PATH)
    assert [(one.path, one.status) for one in fake_tmdb.requests] == [(PATH, None)]
    fake_tmdb.requests.clear()
    gate.release()
    await held
    assert not fake_tmdb.requests


async def test_the_clock_goes_only_forward(fake_tmdb: FakeTMDB) -> None:
    """Advancing by less than nothing is refused."""
    with pytest.raises(ValueError, match="forward"):
        fake_tmdb.advance(seconds=-1)


@pytest.mark.parametrize("kind", ["hang", "drip", "delay", "flood", "held"])
async def test_no_request_keeps_a_fake_from_stopping(client: aiohttp.ClientSession, kind: str) -> None:
    """Whatever is under way is broken off, and leaves no task and no listener."""
    before = asyncio.all_tasks()
    async with asyncio.timeout(3):
        async with FakeTMDB() as fake:
            if kind == "held":
                fake.hold(PATH)
            else:
                fake.fail(kind, delay_s=60)  # type: ignore[arg-type]  # each is a kind of fault
            asking = asyncio.create_task(_get(client, fake))
            await fake.arrived(PATH)
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert asyncio.all_tasks() == before
    with pytest.raises(aiohttp.ClientConnectorError):
        await _get(client, fake)


async def test_half_a_request_keeps_no_fake_from_stopping() -> None:
    """A client that sends half a body and waits is left behind."""
    async with asyncio.timeout(3):
        async with FakeTMDB() as fake:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(fake.url.rpartition(":")[2]))
            writer.write(b"POST /4/list HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            await writer.drain()
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_a_fake_comes_back_where_it_was(client: aiohttp.ClientSession) -> None:
    """After stop and start the port and everything known are the same; stopping twice is fine."""
    async with FakeTMDB() as fake:
        url = fake.url
        await _get(client, fake)
        await fake.stop()
        await fake.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await _get(client, fake)
        await fake.start()
        await fake.start()
        assert fake.url == url
        await _get(client, fake)
        assert len(fake.guest_sessions) == 2


async def test_a_fake_has_no_address_before_it_runs() -> None:
    """Its URL asks to be entered; a port may be chosen, and a taken one is an error."""
    fake = FakeTMDB()
    with pytest.raises(RuntimeError, match="async with FakeTMDB"):
        _ = fake.url
    assert repr(fake) == "<FakeTMDB not running>"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            await FakeTMDB(port=port).start()
    async with FakeTMDB(port=port) as chosen:
        assert chosen.url == f"http://127.0.0.1:{port}"


async def test_a_fake_speaks_tls_when_asked_to() -> None:
    """With an ssl_context its URL is https, and resets are resets there too."""
    authority = trustme.CA()
    server, trusting = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(trusting)
    connector = aiohttp.TCPConnector(ssl=trusting, force_close=True)
    async with FakeTMDB(ssl_context=server) as fake, aiohttp.ClientSession(connector=connector) as client:
        assert fake.url.startswith("https://127.0.0.1:")
        assert await _get(client, fake) == 200
        fake.fail("reset")
        with pytest.raises(aiohttp.ClientError):
            await _post(client, fake)
        assert await _post(client, fake) == 200


async def test_latency_is_added_to_every_answer(client: aiohttp.ClientSession) -> None:
    """Requests wait side by side for as long as the fake was told."""
    clock = asyncio.get_running_loop().time
    async with FakeTMDB(latency_s=0.05) as fake:
        begun = clock()
        await asyncio.gather(*(_get(client, fake) for _ in range(100)))
        assert 0.05 <= clock() - begun < 2.5


def test_a_fake_runs_on_uvloop() -> None:
    """Another loop serves, resets, holds and stops just as well."""

    async def play() -> tuple[int, int]:
        connector = aiohttp.TCPConnector(force_close=True)
        async with FakeTMDB() as fake, aiohttp.ClientSession(connector=connector) as client:
            fake.fail("lost answer")
            with pytest.raises(aiohttp.ClientOSError):
                await _post(client, fake)
            fake.fail("hang")
            hanging = asyncio.create_task(_post(client, fake))
            await fake.arrived(TOKEN_NEW, count=2)
            await fake.stop()
            with pytest.raises(aiohttp.ClientError):
                await hanging
            await fake.start()
            return await _post(client, fake), len(fake.request_tokens)

    assert _run_on_uvloop(play()) == (200, 2)


def _run_on_uvloop(program: Coroutine[Any, Any, tuple[int, int]]) -> tuple[int, int]:
    uvloop = pytest.importorskip("uvloop")  # which not every system has
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(program)


PROBE = """
import aiohttp
import pytest

{mark}
async def test_probe(fake_tmdb):
    async with aiohttp.ClientSession() as client, client.get(fake_tmdb.url + "/3/authentication") as answer:
        assert answer.status == 401

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


@pytest.mark.parametrize(
    ("mark", "options"),
    [("asyncio", ["-o", "asyncio_mode=strict"]), ("anyio", []), ("anyio", ["-p", "no:asyncio"])],
)
def test_the_fixture_serves_under_each_runner(tmp_path: Path, mark: str, options: list[str]) -> None:
    """pytest-asyncio's strict mode and anyio's plugin, alone or beside it, all get a fake that runs."""
    tmp_path.joinpath("test_probe.py").write_text(PROBE.format(mark=f"@pytest.mark.{mark}"), encoding="utf-8")
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    scope = [] if "no:asyncio" in options else ["-o", "asyncio_default_fixture_loop_scope=function"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *scope, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "1 passed" in done.stdout, done.stdout
