"""A fake starts, stops and comes back, over TLS and on other loops too."""

from __future__ import annotations

import asyncio
import socket
import ssl

import aiohttp
import pytest
import trustme

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import GUEST_NEW, REQUEST_TOKEN, ask


@pytest.mark.parametrize("kind", ["hang", "drip", "delay", "flood", "held"])
async def test_no_request_keeps_a_fake_from_stopping(kind: str) -> None:
    """Whatever is under way is broken off, and leaves no task and no listener."""
    before = asyncio.all_tasks()
    async with asyncio.timeout(3):
        async with FakeTMDB() as fake:
            if kind == "held":
                fake.hold(GUEST_NEW)
            else:
                fake.fail(kind, delay_s=60)  # type: ignore[arg-type]  # each is a kind of fault
            asking = asyncio.create_task(ask(fake, "GET", GUEST_NEW))
            await fake.arrived(GUEST_NEW)
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert asyncio.all_tasks() == before
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(fake, "GET", GUEST_NEW)


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


async def test_half_a_handshake_keeps_no_fake_from_stopping() -> None:
    """A client that connects and never speaks TLS is left behind."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    async with asyncio.timeout(3):
        async with FakeTMDB(ssl_context=context) as fake:
            _, writer = await asyncio.open_connection("127.0.0.1", int(fake.url.rpartition(":")[2]))
    writer.close()
    await writer.wait_closed()


async def test_a_fake_comes_back_where_it_was() -> None:
    """After stop and start the port and everything known are the same; stopping twice is fine."""
    async with FakeTMDB() as fake:
        url = fake.url
        await ask(fake, "GET", GUEST_NEW)
        await fake.stop()
        await fake.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(fake, "GET", GUEST_NEW)
        await fake.start()
        await fake.start()
        assert fake.url == url
        await ask(fake, "GET", GUEST_NEW)
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
    async with FakeTMDB(ssl_context=server) as fake:
        assert fake.url.startswith("https://127.0.0.1:")
        assert (await ask(fake, "GET", GUEST_NEW, tls=trusting)).status == 200
        fake.fail("reset")
        with pytest.raises(aiohttp.ClientConnectionError):
            await ask(fake, "POST", REQUEST_TOKEN, tls=trusting)
        assert (await ask(fake, "POST", REQUEST_TOKEN, tls=trusting)).status == 200


def test_a_fake_runs_on_uvloop() -> None:
    """Another loop serves, resets, holds and stops just as well."""

    async def play() -> tuple[int, int]:
        async with FakeTMDB() as fake:
            fake.fail("lost answer")
            with pytest.raises(aiohttp.ClientOSError):
                await ask(fake, "POST", REQUEST_TOKEN)
            fake.fail("hang")
            hanging = asyncio.create_task(ask(fake, "POST", REQUEST_TOKEN))
            await fake.arrived(REQUEST_TOKEN, count=2)
            await fake.stop()
            with pytest.raises(aiohttp.ClientError):
                await hanging
            await fake.start()
            return (await ask(fake, "POST", REQUEST_TOKEN)).status, len(fake.request_tokens)

    uvloop = pytest.importorskip("uvloop")  # which not every system has
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(play()) == (200, 2)
