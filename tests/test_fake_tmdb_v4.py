"""The fake's v4 authentication, its tokens and their conversion answer as TMDB was seen to."""

from __future__ import annotations

import re

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import REQUEST_TOKEN, ask, claims, log_in_v4, v3_token, v4_token

ACCESS_TOKEN = "/4/auth/access_token"
CONVERT = "/3/authentication/session/convert/4"


async def test_a_request_token_is_a_jwt_of_a_quarter_of_an_hour(fake_tmdb: FakeTMDB) -> None:
    """Its claims name the app's key, where to return to, and an end 900 seconds ahead."""
    reply = await ask(fake_tmdb, "POST", REQUEST_TOKEN, json={"redirect_to": "https://app.example/back"})
    assert set(reply.body) == {"success", "status_code", "status_message", "request_token"}
    assert reply.told == (200, 1)
    found = claims(reply.body["request_token"])
    assert found["aud"] == fake_tmdb.api_key
    assert found["redirect_to"] == "https://app.example/back"
    assert (found["scopes"], found["version"]) == (["pending_request_token"], 2)
    assert isinstance(found["nbf"], float)
    assert found["exp"] == int(found["nbf"]) + 900
    assert re.fullmatch(r"[0-9a-f]{24}", found["jti"])


async def test_an_empty_body_asks_for_a_token_without_a_return(fake_tmdb: FakeTMDB) -> None:
    """redirect_to is optional, and so is the whole body."""
    reply = await ask(fake_tmdb, "POST", REQUEST_TOKEN)
    assert "redirect_to" not in claims(reply.body["request_token"])
    assert (await ask(fake_tmdb, "POST", REQUEST_TOKEN, json={"redirect_to": 5})).told == (422, 5)


async def test_an_approved_token_becomes_one_access_token(fake_tmdb: FakeTMDB) -> None:
    """An access token has no end, its `sub` is the account, its `jti` the request token's."""
    fake_tmdb.add_user("ada", "secret")
    token = await v4_token(fake_tmdb)
    fake_tmdb.approve(token)
    reply = await ask(fake_tmdb, "POST", ACCESS_TOKEN, json={"request_token": token})
    assert set(reply.body) == {"success", "status_code", "status_message", "access_token", "account_id"}
    assert re.fullmatch(r"[0-9a-f]{24}", reply.body["account_id"])
    found = claims(reply.body["access_token"])
    assert "exp" not in found
    assert (found["sub"], found["jti"]) == (reply.body["account_id"], claims(token)["jti"])
    assert (found["scopes"], found["version"]) == (["api_read", "api_write"], 2)
    assert fake_tmdb.access_tokens == {reply.body["access_token"]}
    assert (await ask(fake_tmdb, "POST", ACCESS_TOKEN, json={"request_token": token})).told == (401, 33)


async def test_an_unapproved_token_is_told_so(fake_tmdb: FakeTMDB) -> None:
    """Before the approval it is 422, code 41."""
    reply = await ask(fake_tmdb, "POST", ACCESS_TOKEN, json={"request_token": await v4_token(fake_tmdb)})
    assert reply.told == (422, 41)


@pytest.mark.parametrize("end", ["denied", "expired", "unknown", "v3"])
async def test_a_token_that_can_not_be_approved_any_more_is_invalid(fake_tmdb: FakeTMDB, end: str) -> None:
    """A denied, expired, unknown or v3 token is 33."""
    token = await (v3_token(fake_tmdb) if end == "v3" else v4_token(fake_tmdb))
    if end == "denied":
        fake_tmdb.deny(token)
    fake_tmdb.advance(seconds=900 if end == "expired" else 0)
    token += "x" if end == "unknown" else ""
    assert (await ask(fake_tmdb, "POST", ACCESS_TOKEN, json={"request_token": token})).told == (401, 33)


async def test_an_access_token_is_deleted_by_the_app_or_by_itself(fake_tmdb: FakeTMDB) -> None:
    """Either signs the delete; afterwards the token signs nothing."""
    fake_tmdb.add_user("ada", "secret")
    by_app, _ = await log_in_v4(fake_tmdb)
    by_itself, _ = await log_in_v4(fake_tmdb)
    assert (await ask(fake_tmdb, "DELETE", ACCESS_TOKEN, json={"access_token": by_app})).told == (200, 13)
    assert (await ask(fake_tmdb, "DELETE", ACCESS_TOKEN, json={"access_token": by_app})).told == (404, 34)
    gone = await ask(fake_tmdb, "DELETE", ACCESS_TOKEN, json={"access_token": by_itself}, bearer=by_itself)
    assert gone.told == (200, 13)
    assert (await ask(fake_tmdb, "GET", "/3/account", bearer=by_itself)).told == (401, 7)
    assert not fake_tmdb.access_tokens


async def test_the_apps_own_token_is_not_deleted(fake_tmdb: FakeTMDB) -> None:
    """The read access token is no user's to delete."""
    reply = await ask(fake_tmdb, "DELETE", ACCESS_TOKEN, json={"access_token": fake_tmdb.read_access_token})
    assert reply.told == (401, 36)
    assert (await ask(fake_tmdb, "GET", "/3/authentication")).status == 200


async def test_a_users_access_token_converts_to_a_session_that_outlives_it(fake_tmdb: FakeTMDB) -> None:
    """A converted session is ended by its own delete alone, so that a leak shows."""
    fake_tmdb.add_user("ada", "secret")
    access_token, _ = await log_in_v4(fake_tmdb)
    session_id = (await ask(fake_tmdb, "POST", CONVERT, json={"access_token": access_token})).body["session_id"]
    await ask(fake_tmdb, "DELETE", ACCESS_TOKEN, json={"access_token": access_token})
    assert fake_tmdb.sessions == {session_id}
    account = await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session_id})
    assert account.body["username"] == "ada"


async def test_the_apps_own_token_does_not_convert(fake_tmdb: FakeTMDB) -> None:
    """The read access token is refused in the words that users have pasted; no JWT at all is 35."""
    reply = await ask(fake_tmdb, "POST", CONVERT, json={"access_token": fake_tmdb.read_access_token})
    assert reply.body == {
        "success": False,
        "failure": True,
        "status_code": 36,
        "status_message": "This token hasn't been granted write permission by the user.",
    }
    assert (await ask(fake_tmdb, "POST", CONVERT, json={"access_token": "garbage"})).told == (401, 35)


async def test_a_list_is_made_by_its_user_alone(fake_tmdb: FakeTMDB) -> None:
    """A user's token writes; the app's has no scope for it, and a dead one is invalid."""
    fake_tmdb.add_user("ada", "secret")
    access_token, account_id = await log_in_v4(fake_tmdb)
    named = {"name": "To see", "iso_639_1": "en"}
    made = await ask(fake_tmdb, "POST", "/4/list", json=named, bearer=access_token)
    assert made.told == (201, 1)
    listed = await ask(fake_tmdb, "GET", f"/4/account/{account_id}/lists", bearer=access_token)
    assert listed.body["results"] == [{"id": made.body["id"], "name": "To see"}]
    as_app = await ask(fake_tmdb, "POST", "/4/list", json=named)
    assert (as_app.told, as_app.body["error_message"]) == ((401, 36), "No matching scope found.")
    assert (await ask(fake_tmdb, "GET", f"/4/account/{account_id}/lists")).told == (401, 39)
    fake_tmdb.revoke(access_token)
    as_dead = await ask(fake_tmdb, "POST", "/4/list", json=named, bearer=access_token)
    assert (as_dead.told, as_dead.body["error_message"]) == ((401, 36), "Invalid token")
