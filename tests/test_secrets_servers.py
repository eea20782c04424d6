"""The servers that we run tell nobody what they were sent, however badly it was put: the fakes and the loopback."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from yarl import URL

from tmdb_auth_async import Browser, RequestTokenLogin
from tmdb_auth_async.approvals import visitors
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.testing.faults import FaultKind

from .canaries import Canaries, look_at, plant, run
from .people import callback
from .secret_flows import served, staged

SECRET = b"7a8b9c0d1e2f30415263748596a7b8c9"
FIELD = b"Authorization: Bearer " + SECRET + b"\r\n"
HOST = b"Host: x\r\n"
JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def _sent(method: str, path: str, body: bytes, fields: bytes = b"", *, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"{method} {path} HTTP/1.1\r\nContent-Length: {size}\r\n".encode() + HOST + fields + b"\r\n" + body


def _get(path: str, fields: bytes = b"") -> bytes:
    return f"GET {path} HTTP/1.1\r\n".encode() + HOST + fields + b"\r\n"


NOISES = {
    "another protocol": b"\x16\x03\x01" + SECRET,
    "no request": SECRET + b"\r\n\r\n",
    "no version": b"GET /" + SECRET + b" HTTP/9\r\n" + HOST + FIELD + b"\r\n",
    "no method": SECRET + b"@ / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a header that is none": _get("/", SECRET + b"\r\n"),
    "a header with a zero": _get("/", b"Cookie: a\0" + SECRET + b"\r\n"),
    "a header too long": _get("/", b"Cookie: " + SECRET * 1000 + b"\r\n"),
    "a path too long": _get("/" + SECRET.decode() * 1000),
    "a length that is none": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + SECRET + b"\r\n\r\n",
    "a chunk that is none": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + SECRET + b"\r\n",
    "half a body": _sent("POST", "/3/authentication/session/new", SECRET, length=99),
    "an unknown path": _get(f"/3/{SECRET.decode()}", FIELD),
    "a broken query": _get(f"/3/account?session_id={SECRET.decode()}%ff%&&=", FIELD),
    "a body that is no JSON": _sent("POST", "/v2/sessions", b"{" + SECRET + b"}", FIELD + JSON),
    "a body of another shape": _sent("DELETE", "/3/authentication/session", b'["' + SECRET + b'"]', FIELD + JSON),
    "a form that is none": _sent("POST", "/oauth/v2/token", b"=" + SECRET, FORM),
    "a basic that is none": _sent("POST", "/oauth/v2/token", b"", b"Authorization: Basic " + SECRET + b"\r\n"),
}
ENDINGS: list[FaultKind] = ["reset", "lost answer", "truncated", "garbage", "drip"]


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know what is sent, and every secret that this test's fakes hand out."""
    planted = plant(monkeypatch)
    planted.secrets.add(SECRET.decode())
    return planted


async def _said(url: str, noise: bytes) -> bytes:
    """Send *noise* and nothing more, and return what comes back."""
    where = URL(url)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    try:
        with suppress(ConnectionError):
            writer.write(noise)
            await writer.drain()
            writer.write_eof()
            async with asyncio.timeout(5):
                return await reader.read()
    finally:
        writer.close()
    return b""


@pytest.mark.parametrize("kind", [FakeTMDB, FakeZitadel])
def test_what_a_fake_cannot_read_it_does_not_tell(canaries: Canaries, kind: type[Any]) -> None:
    """Nonsense of every kind, each on a connection of its own."""

    async def make_noise() -> None:
        async with kind() as fake:
            for noise in NOISES.values():
                await _said(fake.url, noise)
            look_at(fake, canaries)
            canaries.see(repr(fake.requests), "its log")
            assert len(fake.requests) > 3
            assert b"200 OK" not in await _said(fake.url, NOISES["an unknown path"])

    run(canaries, make_noise())


@pytest.mark.parametrize("kind", [FakeTMDB, FakeZitadel])
def test_what_a_fake_does_badly_on_purpose_it_does_not_tell(canaries: Canaries, kind: type[Any]) -> None:
    """Each fault that breaks a connection off or spoils its answer, and a fake that stops meanwhile."""

    async def fail() -> None:
        async with kind() as fake:
            for fault in ENDINGS:
                fake.fail(fault, delay_s=0.01)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await _said(fake.url, NOISES["a broken query"])
            fake.fail("hang")
            hanging = asyncio.create_task(_said(fake.url, NOISES["a broken query"]))
            await fake.arrived("/3/account", count=len(ENDINGS) + 1)
            await fake.stop()
            await hanging
            canaries.see(repr(fake.requests), "its log")

    run(canaries, fail())


def test_what_strangers_bring_to_the_loopback_it_does_not_tell(canaries: Canaries) -> None:
    """The way back of a login, put badly, is turned away unlogged; put well it is the login."""

    async def visit(url: str) -> None:
        right = URL(await callback(url))
        way = right.raw_path_qs
        noises = [
            f"GET {way} HTTP/9\r\n\r\n",
            f"GET {way}",
            f"{way} / HTTP/1.1\r\n\r\n",
            f"GET / HTTP/1.1\r\n{way}\r\n\r\n",
        ]
        for noise in (*noises, f"GET {way}{way * 1000} HTTP/1.1\r\nHost: x\r\n\r\n"):
            await _said(str(right), noise.encode())
        async with aiohttp.ClientSession() as client, client.get(right) as response:
            assert "You are logged in" in await response.text()

    async def log_in() -> None:
        assert visitors.MOST_CONNECTIONS  # imported before the logs are heard, so that all there are speak up
        async with (
            served() as fake,
            staged(canaries, fake) as stage,
            stage.manager.session(RequestTokenLogin(Browser(open_url=visit))) as session,
        ):
            stage.see(session)

    run(canaries, log_in())
