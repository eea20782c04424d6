"""Where secrets may go: over TLS that was verified, to this machine, and to the service's own origin."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import trustme

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Call,
    NotConfigured,
    Password,
    Request,
    RequestTokenLogin,
    SessionManager,
    Unreachable,
    tmdb,
)
from tmdb_auth_async.testing import FakeTMDB

from .hostile import hostile, http, saying
from .listening import listening
from .showing import shown

CANARY = "canary-5f1e9a7c3b"
LOGIN = RequestTokenLogin(Password("ada", "canary-secret"))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority that no machine knows."""
    return trustme.CA()


@asynccontextmanager
async def served(authority: trustme.CA, *hosts: str) -> AsyncIterator[FakeTMDB]:
    """Serve a TMDB over TLS, under a certificate for *hosts*."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*hosts).configure_cert(context)
    async with FakeTMDB(ssl_context=context) as fake:
        fake.add_user("ada", "canary-secret")
        yield fake


@asynccontextmanager
async def trusting(authority: trustme.CA) -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client that trusts *authority*."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as client:
        yield client


async def refused(fake: FakeTMDB, client: aiohttp.ClientSession | None = None) -> Unreachable:
    """Log in where TLS must fail; return the error, once nothing at all has arrived."""
    service = TMDB.at(fake.url)
    async with SessionManager(
        BearerToken(fake.read_access_token), service=service, client=client, retries=0
    ) as manager:
        with pytest.raises(Unreachable) as caught:
            await manager.ask(tmdb.create_session(CANARY))
        with pytest.raises(Unreachable):
            await manager.login(LOGIN)
        assert manager.stats().possibly_lost == 0
    assert fake.requests == []
    assert not caught.value.sent
    assert not caught.value.may_have_created
    assert CANARY not in shown(caught.value)
    return caught.value


async def test_an_unknown_authority_is_unreachable(authority: trustme.CA) -> None:
    """Nothing is sent to a server whose certificate nobody vouches for, and the error says what to check."""
    async with served(authority, "127.0.0.1") as fake:
        assert "certificate" in str(await refused(fake))


async def test_a_certificate_of_another_host_is_unreachable(authority: trustme.CA) -> None:
    """A good certificate for somebody else is none."""
    async with served(authority, "api.themoviedb.org") as fake, trusting(authority) as client:
        await refused(fake, client)


async def test_plain_http_where_tls_is_expected_is_unreachable() -> None:
    """A server that does not speak TLS gets no word of the request."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"{}"))
        heard.append(await reader.read())

    async with listening(answer) as port:
        service = TMDB.at(f"https://127.0.0.1:{port}")
        async with SessionManager(BearerToken(CANARY), service=service, retries=0) as manager:
            with pytest.raises(Unreachable) as caught:
                await manager.get("/3/account")
    assert not caught.value.sent
    assert not any(b"/3/account" in part or CANARY.encode() in part for part in heard)


async def test_a_known_authority_serves(authority: trustme.CA) -> None:
    """A borrowed client that trusts it opens, uses and deletes a session."""
    async with served(authority, "127.0.0.1") as fake, trusting(authority) as client:
        assert fake.url.startswith("https://127.0.0.1:")
        service = TMDB.at(fake.url)
        async with (
            SessionManager(BearerToken(fake.read_access_token), service=service, client=client) as manager,
            manager.session(LOGIN) as ada,
        ):
            await ada.get("/3/account")
            assert fake.sessions == {ada.id}
        assert not fake.sessions


@pytest.mark.parametrize(
    "url",
    [
        "http://api.themoviedb.org",
        "http://192.168.0.1:8080",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://0.0.0.0:80",
        "http://[2001:db8::1]",
        "http://127.0.0.1@example.org",
        "HTTP://example.org",
        "ws://127.0.0.1",
        "file:///etc/passwd",
    ],
)
def test_plain_http_to_elsewhere_is_not_configured(url: str) -> None:
    """Whatever looks like this machine and is not, and whatever is no http at all."""
    with pytest.raises(NotConfigured):
        TMDB.at(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://127.8.8.8", "http://localhost:80", "http://[::1]:8080"])
def test_plain_http_to_this_machine_serves(url: str) -> None:
    """A fake and a proxy on this machine need no certificate."""
    assert TMDB.at(url).url == url


async def test_a_path_that_would_change_the_host_is_not_sent(authority: trustme.CA) -> None:
    """A request made by hand whose path is no path goes nowhere: it would prolong the host's name."""
    async with served(authority, "127.0.0.1") as fake, trusting(authority) as client:
        service = TMDB.at(fake.url)
        async with SessionManager(BearerToken("canary"), service=service, client=client) as manager:
            for path in (".example.org/3/account", "@example.org/", "0/3/account", "", "{host}/3/account"):
                call = Call(Request("GET", path, fills={"host": ".example.org"}), object)
                with pytest.raises(NotConfigured):
                    await manager.ask(call)
        assert fake.requests == []


async def test_the_middleware_signs_its_own_origin_only(authority: trustme.CA) -> None:
    """The same host under another port or scheme, and where a redirect leads, get no credential and no session's id."""
    async with served(authority, "127.0.0.1") as fake, hostile(saying(http(b"{}", "Connection: close"))) as elsewhere:
        away = http(b"", f"Location: {elsewhere.url}/3/account", "Connection: close", status=307)
        async with hostile(saying(away)) as redirecting:
            service = TMDB.at(redirecting.url)
            async with (
                SessionManager(BearerToken("canary-token"), service=service) as manager,
                trusting(authority) as client,
            ):
                session = await manager.login(BearerToken("canary-own"))
                for url in (
                    redirecting.url,
                    elsewhere.url,
                    fake.url,
                    redirecting.url.replace("127.0.0.1", "localhost"),
                ):
                    async with client.get(f"{url}/3/account", middlewares=[session.middleware]):
                        pass
            assert b"canary-own" in redirecting.heads[0]
            assert not any(b"canary" in head for head in (*redirecting.heads[1:], *elsewhere.heads))
            assert len(elsewhere.heads) == 3
            assert [request.status for request in fake.requests] == [401]
