"""The fake's login by name and password answers as TMDB was seen to."""

from __future__ import annotations

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import ask, v3_token

LOGIN = "/3/authentication/token/validate_with_login"
SESSION_NEW = "/3/authentication/session/new"


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_password_approves_a_token(fake_tmdb: FakeTMDB, method: str) -> None:
    """Name and password approve the token they came with, in a body or in a query."""
    fake_tmdb.add_user("grace", "other")
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    fields = {"username": "ada", "password": "secret", "request_token": token}
    if method == "POST":
        reply = await ask(fake_tmdb, "POST", LOGIN, json=fields)
    else:
        reply = await ask(fake_tmdb, "GET", LOGIN, query=fields)
    assert set(reply.body) == {"success", "expires_at", "request_token"}
    assert reply.body["request_token"] == token
    session_id = (await ask(fake_tmdb, "POST", SESSION_NEW, json=fields)).body["session_id"]
    account = await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session_id})
    assert account.body["username"] == "ada"


async def test_a_wrong_password_is_refused_in_the_recorded_words(fake_tmdb: FakeTMDB) -> None:
    """A wrong password is 401, code 30."""
    fake_tmdb.add_user("ada", "secret")
    fields = {"username": "ada", "password": "wrong", "request_token": await v3_token(fake_tmdb)}
    reply = await ask(fake_tmdb, "POST", LOGIN, json=fields)
    assert reply.status == 401
    assert reply.body == {
        "success": False,
        "status_code": 30,
        "status_message": "Invalid username and/or password: You did not provide a valid login.",
    }


@pytest.mark.parametrize(
    ("username", "password", "told"),
    [
        ("nobody", "secret", (401, 30)),
        ("gone", "secret", (401, 31)),
        ("new", "secret", (401, 32)),
        ("careful", "secret", (401, 30)),
        ("gone", "wrong", (401, 30)),
        ("", "secret", (400, 26)),
        ("ada", None, (400, 26)),
        ("ada", 5, (400, 26)),
    ],
)
async def test_who_cannot_log_in_is_told_why(
    fake_tmdb: FakeTMDB, username: str, password: object, told: tuple[int, int]
) -> None:
    """Disabled, unverified and two-factor accounts, strangers and half a login each get their code."""
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.add_user("gone", "secret", disabled=True)
    fake_tmdb.add_user("new", "secret", email_verified=False)
    fake_tmdb.add_user("careful", "secret", two_factor=True)
    fields = {"username": username, "password": password, "request_token": await v3_token(fake_tmdb)}
    assert (await ask(fake_tmdb, "POST", LOGIN, json=fields)).told == told


async def test_a_password_for_a_bad_token_is_refused_in_both_known_ways(fake_tmdb: FakeTMDB) -> None:
    """A dead token is 33 without `success`, as in 2019; one never given out is 34, as in 2023."""
    fake_tmdb.add_user("ada", "secret")
    login = {"username": "ada", "password": "secret"}
    token = await v3_token(fake_tmdb)
    fake_tmdb.advance(seconds=3600)
    dead = await ask(fake_tmdb, "POST", LOGIN, json={**login, "request_token": token})
    assert dead.told == (401, 33)
    assert "success" not in dead.body
    unknown = await ask(fake_tmdb, "POST", LOGIN, json={**login, "request_token": "0" * 40})
    assert unknown.told == (404, 34)
