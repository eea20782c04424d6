"""The fake's v3 authentication answers as TMDB was seen to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import GUEST_NEW, Reply, ask, log_in, v3_token, v4_token

TOKEN_NEW = "/3/authentication/token/new"
SESSION_NEW = "/3/authentication/session/new"
SESSION = "/3/authentication/session"


def _lies_ahead(expires_at: str, by: timedelta) -> bool:
    moment = datetime.strptime(expires_at, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    return abs(moment - datetime.now(UTC) - by) < timedelta(seconds=5)


async def _exchange(fake: FakeTMDB, token: str) -> Reply:
    return await ask(fake, "POST", SESSION_NEW, json={"request_token": token})


async def test_a_good_key_is_told_so_in_the_live_words(fake_tmdb: FakeTMDB) -> None:
    """Validating the key gives `success` alone, in TMDB's content type."""
    reply = await ask(fake_tmdb, "GET", "/3/authentication")
    assert (reply.status, reply.body) == (200, {"success": True})
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"


async def test_a_request_token_says_where_and_until_when(fake_tmdb: FakeTMDB) -> None:
    """A request token is 40 hex digits for 60 minutes, and a header has its approval URL."""
    reply = await ask(fake_tmdb, "GET", TOKEN_NEW)
    token = reply.body["request_token"]
    assert set(reply.body) == {"success", "expires_at", "request_token"}
    assert re.fullmatch(r"[0-9a-f]{40}", token)
    assert _lies_ahead(reply.body["expires_at"], timedelta(minutes=60))
    assert reply.headers["authentication-callback"] == f"{fake_tmdb.url}/authenticate/{token}"
    assert fake_tmdb.request_tokens == {token}


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_an_approved_token_becomes_one_session(fake_tmdb: FakeTMDB, method: str) -> None:
    """An approved token is good for one session, by POST or by the older GET."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    fake_tmdb.approve(token)
    if method == "POST":
        first = await ask(fake_tmdb, "POST", SESSION_NEW, json={"request_token": token, "description": "a laptop"})
    else:
        first = await ask(fake_tmdb, "GET", SESSION_NEW, query={"request_token": token})
    assert set(first.body) == {"success", "session_id"}
    assert fake_tmdb.sessions == {first.body["session_id"]}
    assert re.fullmatch(r"[0-9a-f]{40}", first.body["session_id"])
    again = await _exchange(fake_tmdb, token)
    assert again.told == (401, 17)
    assert not fake_tmdb.request_tokens


async def test_an_unapproved_token_is_denied_in_the_recorded_words(fake_tmdb: FakeTMDB) -> None:
    """Without an approval the session is denied, and the token stays good for one."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    denied = {"success": False, "failure": True, "status_code": 17, "status_message": "Session denied."}
    assert (await _exchange(fake_tmdb, token)).body == denied
    fake_tmdb.approve(token)
    assert (await _exchange(fake_tmdb, token)).status == 200


async def test_an_unknown_token_is_not_found_by_post_and_denied_by_get(fake_tmdb: FakeTMDB) -> None:
    """POST and GET differ for a token that was never given out."""
    assert (await _exchange(fake_tmdb, "0" * 40)).told == (404, 34)
    assert (await ask(fake_tmdb, "GET", SESSION_NEW, query={"request_token": "0" * 40})).told == (401, 17)


async def test_a_v4_request_token_opens_no_v3_session(fake_tmdb: FakeTMDB) -> None:
    """A v4 request token is denied by v3, approved or not."""
    fake_tmdb.add_user("ada", "secret")
    token = await v4_token(fake_tmdb)
    fake_tmdb.approve(token)
    assert (await _exchange(fake_tmdb, token)).told == (401, 17)


async def test_a_request_token_dies_after_an_hour(fake_tmdb: FakeTMDB) -> None:
    """An approved token is denied once its hour is over."""
    fake_tmdb.add_user("ada", "secret")
    early, late = await v3_token(fake_tmdb), await v3_token(fake_tmdb)
    fake_tmdb.approve(early)
    fake_tmdb.approve(late)
    fake_tmdb.advance(seconds=3590)
    assert (await _exchange(fake_tmdb, early)).status == 200
    fake_tmdb.advance(seconds=10)
    assert (await _exchange(fake_tmdb, late)).told == (401, 17)
    with pytest.raises(LookupError):
        fake_tmdb.approve(late)


async def test_a_denied_token_is_forgotten(fake_tmdb: FakeTMDB) -> None:
    """Whoever was denied can tell that from not being answered yet."""
    token = await v3_token(fake_tmdb)
    fake_tmdb.deny(token)
    assert (await _exchange(fake_tmdb, token)).told == (404, 34)
    with pytest.raises(LookupError):
        fake_tmdb.deny(token)


async def test_a_session_never_expires(fake_tmdb: FakeTMDB) -> None:
    """A user's session outlives any time."""
    fake_tmdb.add_user("ada", "secret")
    session_id = await log_in(fake_tmdb)
    fake_tmdb.advance(seconds=10 * 365 * 86400)
    assert (await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session_id})).status == 200


@pytest.mark.parametrize("where", ["body", "query"])
async def test_a_session_is_deleted_once(fake_tmdb: FakeTMDB, where: str) -> None:
    """The id may stand in the body or in the query; a second time it is not found."""
    fake_tmdb.add_user("ada", "secret")
    named = {"session_id": await log_in(fake_tmdb)}
    replies = [
        await (
            ask(fake_tmdb, "DELETE", SESSION, json=named)
            if where == "body"
            else ask(fake_tmdb, "DELETE", SESSION, query=named)
        )
        for _ in range(2)
    ]
    assert replies[0].body == {"success": True}
    assert replies[1].told == (404, 34)
    assert not fake_tmdb.sessions


async def test_a_guest_session_lasts_a_day(fake_tmdb: FakeTMDB) -> None:
    """A guest session is 32 hex digits, and gone after 24 hours."""
    reply = await ask(fake_tmdb, "GET", GUEST_NEW)
    guest_session_id = reply.body["guest_session_id"]
    assert set(reply.body) == {"success", "guest_session_id", "expires_at"}
    assert re.fullmatch(r"[0-9a-f]{32}", guest_session_id)
    assert _lies_ahead(reply.body["expires_at"], timedelta(hours=24))
    assert fake_tmdb.guest_sessions == {guest_session_id}
    rated = f"/3/guest_session/{guest_session_id}/rated/movies"
    assert (await ask(fake_tmdb, "GET", rated)).status == 200
    fake_tmdb.advance(seconds=86400)
    assert (await ask(fake_tmdb, "GET", rated)).told == (404, 34)
    assert not fake_tmdb.guest_sessions


async def test_a_revoked_session_is_nobodys(fake_tmdb: FakeTMDB) -> None:
    """What its user revokes at TMDB's website opens nothing any more."""
    fake_tmdb.add_user("ada", "secret")
    session_id = await log_in(fake_tmdb)
    fake_tmdb.revoke(session_id)
    assert (await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session_id})).told == (401, 3)
    with pytest.raises(LookupError):
        fake_tmdb.revoke(session_id)
