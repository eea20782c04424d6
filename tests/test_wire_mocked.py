"""Users' own aioresponses answer our requests, and find them by their true method and address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest
from aioresponses import CallbackResult, aioresponses
from yarl import URL

from tmdb_auth_async import (
    BearerToken,
    Guest,
    NoAnswer,
    NotApproved,
    Password,
    RequestTokenLogin,
    SessionManager,
    TimedOut,
    Unreachable,
    tmdb,
)

API = "https://api.themoviedb.org"
DAY = "2030-01-02 03:04:05 UTC"


@pytest.fixture
async def manager(mock_aiohttp: aioresponses, short_waits: None) -> AsyncIterator[SessionManager]:
    """Manage sessions of a TMDB that only aioresponses knows."""
    async with SessionManager(BearerToken("token"), close_timeout_s=0.5) as manager:
        yield manager


async def test_a_whole_login_is_mocked(manager: SessionManager, mock_aiohttp: aioresponses) -> None:
    """Token, approval, session, use, delete: each is registered the way TMDB documents it."""
    auth = f"{API}/3/authentication"
    mock_aiohttp.get(f"{auth}/token/new", payload={"success": True, "request_token": "r", "expires_at": DAY})
    mock_aiohttp.post(
        f"{auth}/token/validate_with_login", payload={"success": True, "request_token": "r", "expires_at": DAY}
    )
    mock_aiohttp.post(f"{auth}/session/new", payload={"success": True, "session_id": "s"})
    mock_aiohttp.get(re.compile(rf"{API}/3/account\?.*session_id=s.*"), payload={"id": 7})
    mock_aiohttp.delete(f"{auth}/session", payload={"success": True})
    async with manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada:
        assert await ada.get("/3/account") == {"id": 7}
    assert list(mock_aiohttp.requests) == [
        ("GET", URL(f"{auth}/token/new")),
        ("POST", URL(f"{auth}/token/validate_with_login")),
        ("POST", URL(f"{auth}/session/new")),
        ("GET", URL(f"{API}/3/account?session_id=s")),
        ("DELETE", URL(f"{auth}/session")),
    ]


async def test_a_creating_get_and_a_put_are_found_by_their_method(
    manager: SessionManager, mock_aiohttp: aioresponses
) -> None:
    """What is sent only once goes by the name that HTTP has for it."""
    guest = f"{API}/3/authentication/guest_session/new"
    mock_aiohttp.get(guest, payload={"success": True, "guest_session_id": "g", "expires_at": DAY})
    mock_aiohttp.put(f"{API}/4/list/1", payload={"success": True})
    async with manager.session(Guest()) as session:
        assert session.id == "g"
    await manager.put("/4/list/1", json={"name": "x"})
    assert ("GET", URL(guest)) in mock_aiohttp.requests
    mock_aiohttp.assert_any_call(f"{API}/4/list/1", method="PUT")


async def test_a_callback_sees_the_body_and_the_credential(manager: SessionManager, mock_aiohttp: aioresponses) -> None:
    """What is sent can be looked at, and answered accordingly."""
    seen: dict[str, object] = {}

    def answer(_: object, **sent: object) -> CallbackResult:
        seen.update(sent)
        return CallbackResult(status=401, payload={"success": False, "failure": True, "status_code": 17})

    mock_aiohttp.post(f"{API}/3/authentication/session/new", callback=answer)
    with pytest.raises(NotApproved):
        await manager.ask(tmdb.create_session("r"))
    assert seen["data"] == b'{"request_token":"r"}'
    assert seen["allow_redirects"] is False
    headers = seen["headers"]
    assert isinstance(headers, Mapping)
    assert headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("registered", "kind"),
    [
        ({"timeout": True}, TimedOut),
        ({"exception": aiohttp.ServerDisconnectedError()}, Unreachable),
        ({"exception": aiohttp.ClientPayloadError("https://secret")}, Unreachable),
        ({"exception": aiohttp.ServerTimeoutError()}, TimedOut),
        ({"exception": ConnectionResetError()}, Unreachable),
        ({}, Unreachable),
    ],
    ids=["timeout", "disconnect", "payload", "server timeout", "reset", "not registered"],
)
async def test_registered_failures_are_ours(
    manager: SessionManager, mock_aiohttp: aioresponses, registered: dict[str, object], kind: type[NoAnswer]
) -> None:
    """Each exception that a test may register is met as an error of the tree."""
    if registered:
        mock_aiohttp.post(f"{API}/3/authentication/session/new", **registered)
    with pytest.raises(NoAnswer) as caught:
        await manager.ask(tmdb.create_session("r"))
    assert type(caught.value) is kind
    assert caught.value.may_have_created
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_failures_in_a_row_are_registered_in_a_row(manager: SessionManager, mock_aiohttp: aioresponses) -> None:
    """A test of retries registers what each try is answered."""
    url = f"{API}/3/authentication"
    mock_aiohttp.get(url, status=502, body="<html>", content_type="text/html")
    mock_aiohttp.get(url, status=429, headers={"Retry-After": "0"})
    mock_aiohttp.get(url, payload={"success": True})
    assert await manager.ask(tmdb.validate_key()) == tmdb.Acknowledged()
    assert manager.stats().retried == 2
