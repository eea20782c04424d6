"""The fake tells TMDB's credentials apart, and where each may stand."""

from __future__ import annotations

import re

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import READ_TOKEN, ask, claims, log_in, log_in_v4

KEY = "/3/authentication"
INVALID_KEY = {
    "success": False,
    "status_code": 7,
    "status_message": "Invalid API key: You must be granted a valid key.",
}


async def test_the_read_access_token_holds_the_api_key(fake_tmdb: FakeTMDB) -> None:
    """The token is a JWT whose `aud` is the key, 32 hex digits."""
    assert re.fullmatch(r"[0-9a-f]{32}", fake_tmdb.api_key)
    assert claims(fake_tmdb.read_access_token)["aud"] == fake_tmdb.api_key


async def test_the_api_key_counts_in_a_query(fake_tmdb: FakeTMDB) -> None:
    """v3 takes the key as a query parameter, and no other."""
    assert (await ask(fake_tmdb, "GET", KEY, query={"api_key": fake_tmdb.api_key}, bearer=None)).status == 200
    wrong = await ask(fake_tmdb, "GET", KEY, query={"api_key": "0" * 32}, bearer=None)
    assert (wrong.status, wrong.body) == (401, INVALID_KEY)


async def test_the_api_key_and_the_session_count_in_a_writes_body(fake_tmdb: FakeTMDB) -> None:
    """Other people's clients put both into the JSON of a write."""
    fake_tmdb.add_user("ada", "secret")
    named = {"api_key": fake_tmdb.api_key, "session_id": await log_in(fake_tmdb)}
    assert (await ask(fake_tmdb, "POST", "/3/movie/550/rating", json={**named, "value": 8}, bearer=None)).status == 201
    assert (await ask(fake_tmdb, "DELETE", "/3/authentication/session", json=named, bearer=None)).status == 200


@pytest.mark.parametrize("bearer", [None, "", "nonsense", "eyJhbGciOiJIUzI1NiJ9.e30.x"])
@pytest.mark.parametrize(("method", "path"), [("GET", KEY), ("GET", "/3/account"), ("POST", "/4/auth/request_token")])
async def test_without_a_good_credential_nothing_is_answered(
    fake_tmdb: FakeTMDB, bearer: str | None, method: str, path: str
) -> None:
    """No credential and a bad one are both 401, code 7."""
    reply = await ask(fake_tmdb, method, path, bearer=bearer)
    assert (reply.status, reply.body) == (401, INVALID_KEY)


async def test_an_api_key_is_no_bearer(fake_tmdb: FakeTMDB) -> None:
    """The v3 key sent as a bearer is refused by v3 and v4, even beside itself in the query."""
    key = fake_tmdb.api_key
    assert (await ask(fake_tmdb, "GET", KEY, bearer=key)).told == (401, 7)
    assert (await ask(fake_tmdb, "GET", KEY, bearer=key, query={"api_key": key})).told == (401, 7)
    assert (await ask(fake_tmdb, "POST", "/4/auth/request_token", bearer=key)).told == (401, 7)


async def test_v4_does_not_take_an_api_key(fake_tmdb: FakeTMDB) -> None:
    """A key in a v4 query counts for nothing, in its body neither."""
    named = {"api_key": fake_tmdb.api_key}
    assert (await ask(fake_tmdb, "POST", "/4/auth/request_token", bearer=None, query=named)).told == (401, 7)
    assert (await ask(fake_tmdb, "POST", "/4/auth/request_token", bearer=None, json=named)).told == (401, 7)


async def test_a_users_access_token_is_an_app_credential_too(fake_tmdb: FakeTMDB) -> None:
    """It signs v3, where it stands for its user, and v4."""
    fake_tmdb.add_user("ada", "secret")
    access_token, account_id = await log_in_v4(fake_tmdb)
    assert (await ask(fake_tmdb, "GET", KEY, bearer=access_token)).status == 200
    assert (await ask(fake_tmdb, "GET", "/3/account", bearer=access_token)).body["username"] == "ada"
    assert (await ask(fake_tmdb, "GET", f"/3/account/{account_id}", bearer=access_token)).status == 200
    assert (await ask(fake_tmdb, "POST", "/4/auth/request_token", bearer=access_token)).status == 200


async def test_the_app_alone_has_no_account(fake_tmdb: FakeTMDB) -> None:
    """Without a session, or with a bad one, /3/account is 401, code 3, in a body without `success`."""
    for query in ({}, {"session_id": "0" * 40}):
        reply = await ask(fake_tmdb, "GET", "/3/account", query=query, bearer=READ_TOKEN)
        assert reply.status == 401
        assert reply.body == {
            "status_code": 3,
            "status_message": "Authentication failed: You do not have permissions to access the service.",
        }
