"""What a token endpoint answers: how long a token lives, and what is no token."""

from __future__ import annotations

import json

import pytest

from tmdb_auth_async import SessionManager, Unreadable
from tmdb_auth_async.zitadel import ClientCredentials, Zitadel

from .scripted import Scripted, http

TOKEN = "/oauth/v2/token"
DONE = http({"details": {}})


def _manager(server: Scripted) -> SessionManager:
    return SessionManager(ClientCredentials("id", "secret"), service=Zitadel(server.url), retries=0)


@pytest.mark.parametrize("told", ["0", "-5", "0.5", "-1e400", "1e400", "-1" + "0" * 400, "1" + "0" * 400])
async def test_a_life_that_cannot_be_costs_no_fetch_a_request(told: str) -> None:
    """A token that is over as it comes is used until it is refused, as one whose life is not told."""
    token = http(b'{"access_token":"token","expires_in":%b}' % told.encode())
    async with Scripted(token, DONE) as server, _manager(server) as manager:
        for _ in range(3):
            await manager.get("/v2/x")
    assert [one.path for one in server.arrived] == [TOKEN, *["/v2/x"] * 3]


@pytest.mark.parametrize("told", ["true", "false", '"3600"', "null", "[3600]"])
async def test_a_life_that_is_no_number_is_unreadable(told: str) -> None:
    """`true` counted as a second."""
    token = http(b'{"access_token":"token","expires_in":%b}' % told.encode())
    async with Scripted(token, DONE) as server, _manager(server) as manager:
        with pytest.raises(Unreadable):
            await manager.get("/v2/x")
    assert len(server.arrived) == 1


@pytest.mark.parametrize("token", ["", " ", "canary\n", "a\r\ncanary: b", "canary\0", "canary\x7f", "canary\ud800"])
async def test_what_no_header_holds_is_no_token(token: str) -> None:
    """The service is to blame for it, and not the program's credential; it is not sent, nor shown."""
    answer = http(json.dumps({"access_token": token, "expires_in": 3600}).encode())
    async with Scripted(answer, DONE) as server, _manager(server) as manager:
        with pytest.raises(Unreadable, match="not an access token") as caught:
            await manager.get("/v2/x")
    assert len(server.arrived) == 1
    assert "canary" not in repr(caught.value)
