"""The fake answers any junk in TMDB's words, never by a fault of its own, and shows no secret."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import ask, log_in, log_in_v4, v3_token

TOKEN_NEW = "/3/authentication/token/new"

READING_A_BODY = [
    ("POST", "/3/authentication/token/validate_with_login"),
    ("POST", "/3/authentication/session/new"),
    ("POST", "/3/authentication/session/convert/4"),
    ("DELETE", "/3/authentication/session"),
    ("DELETE", "/4/auth/access_token"),
    ("POST", "/4/auth/access_token"),
    ("POST", "/4/auth/request_token"),
    ("POST", "/4/list"),
    ("POST", "/3/movie/550/rating"),
    ("POST", "/3/account/548/favorite"),
]

JUNK = [
    b"{",
    b"[]",
    b"5",
    b"null",
    b'"text"',
    b"\xff\xfe\x00",
    b"a=b",
    b"[" * 100_000,
    b'{"request_token":' + b"9" * 5000 + b"}",
    b'{"request_token":[],"session_id":{},"access_token":null,"username":1,"password":[],"api_key":[]}',
    b'{"request_token":"\\ud800","session_id":"\\ud800","access_token":"\\ud800","redirect_to":"\\ud800","name":"\\ud800"}',
]


@pytest.fixture
async def silent(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Let nothing of the fake's be logged during the test."""
    with caplog.at_level(logging.DEBUG, "tmdb_auth_async.testing"):
        yield
    assert not caplog.records


@pytest.mark.parametrize("path", ["/", "/3", "/3/authentication/", "/5/list", "/3/movie/", "/3//account", "/4/auth"])
async def test_an_unknown_path_is_not_found(fake_tmdb: FakeTMDB, path: str) -> None:
    """A path that TMDB does not have is 404, code 34, credential or not."""
    assert (await ask(fake_tmdb, "GET", path)).told == (404, 34)
    assert (await ask(fake_tmdb, "POST", path, bearer=None)).told == (404, 34)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", TOKEN_NEW), ("GET", "/3/authentication/session"), ("PUT", "/4/list"), ("PATCH", "/3/movie/1/rating")],
)
async def test_another_method_is_not_supported(fake_tmdb: FakeTMDB, method: str, path: str) -> None:
    """A method that a path does not have is 405, code 42."""
    assert (await ask(fake_tmdb, method, path)).told == (405, 42)


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
async def test_junk_is_refused_in_tmdbs_words(fake_tmdb: FakeTMDB, body: bytes) -> None:
    """No body brings the fake down, whoever signs it; each answer has a code of TMDB's."""
    fake_tmdb.add_user("ada", "secret")
    access_token, _ = await log_in_v4(fake_tmdb)
    for method, path in READING_A_BODY:
        for bearer in (fake_tmdb.read_access_token, access_token, None):
            reply = await ask(fake_tmdb, method, path, data=body, bearer=bearer)
            assert reply.status < 500
            assert reply.body["status_code"] in {1, 3, 5, 7, 17, 18, 26, 33, 34, 35, 36, 38, 47}


async def test_a_body_that_is_no_json_is_not_valid(fake_tmdb: FakeTMDB) -> None:
    """What cannot be parsed is 47, what is no object is 5, and so is a missing field."""
    path = "/3/authentication/session/new"
    assert (await ask(fake_tmdb, "POST", path, data=b"{")).told == (400, 47)
    assert (await ask(fake_tmdb, "POST", path, data=b"[]")).told == (422, 5)
    assert (await ask(fake_tmdb, "POST", path, data=b"{}")).told == (422, 5)


@pytest.mark.usefixtures("silent")
async def test_bytes_that_are_no_http_are_survived(fake_tmdb: FakeTMDB) -> None:
    """A client that does not speak HTTP is turned away, and the next one served."""
    port = int(fake_tmdb.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x16\x03\x01 secret\r\n\r\n")
    assert b" 400 " in await reader.read(100)
    writer.close()
    await writer.wait_closed()
    assert (await ask(fake_tmdb, "GET", TOKEN_NEW)).status == 200


async def test_nothing_the_fake_says_of_itself_holds_a_secret(
    fake_tmdb: FakeTMDB, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither reprs, nor the log of requests, nor any logger shows a token, a key, an id or a password."""
    with caplog.at_level(logging.DEBUG):
        fake_tmdb.add_user("ada", "pass-canary")
        request_token, session_id = await v3_token(fake_tmdb), await log_in(fake_tmdb)
        access_token, account_id = await log_in_v4(fake_tmdb)
        guest = (await ask(fake_tmdb, "GET", "/3/authentication/guest_session/new")).body["guest_session_id"]
        secrets = [request_token, session_id, access_token, account_id, guest, fake_tmdb.api_key]
        for secret in secrets:
            for path in ("/3/guest_session/{}/rated/movies", "/3/account/{}", "/authenticate/{}", "/oops/{}/x"):
                await ask(fake_tmdb, "GET", path.format(secret), query={"api_key": fake_tmdb.api_key})
        fake_tmdb.fail("status", body=b"body-canary", path=f"/3/account/{account_id}")
        gate = fake_tmdb.hold(f"/3/account/{account_id}")
        shown = repr((fake_tmdb, vars(fake_tmdb), fake_tmdb.requests, gate)) + caplog.text
    for secret in [*secrets, fake_tmdb.read_access_token, "pass-canary", "body-canary"]:
        assert secret not in shown


async def test_the_log_names_the_path_without_its_secrets(fake_tmdb: FakeTMDB) -> None:
    """A secret id gives way to its name; a movie's number stays; a query is left out."""
    await ask(fake_tmdb, "GET", "/3/guest_session/abc/rated/movies", query={"api_key": "abc"})
    await ask(fake_tmdb, "GET", "/3/movie/550", query={"session_id": "abc"})
    await ask(fake_tmdb, "GET", "/nowhere/" + "0" * 32)
    assert [(one.method, one.path, one.status) for one in fake_tmdb.requests] == [
        ("GET", "/3/guest_session/{guest_session_id}/rated/movies", 404),
        ("GET", "/3/movie/550", 200),
        ("GET", "/nowhere/{secret}", 404),
    ]


async def test_a_fake_without_users_says_what_to_do(fake_tmdb: FakeTMDB) -> None:
    """Nobody can approve before somebody was added, nor under a name that nobody has."""
    token = await v3_token(fake_tmdb)
    with pytest.raises(LookupError, match="add_user"):
        fake_tmdb.approve(token)
    fake_tmdb.add_user("ada", "secret")
    with pytest.raises(LookupError, match="add_user"):
        fake_tmdb.approve(token, "grace")
    with pytest.raises(LookupError, match="no such request token"):
        fake_tmdb.approve("unknown")
    with pytest.raises(ValueError, match="added before"):
        fake_tmdb.add_user("ada", "other")


async def test_the_first_user_approves_unless_another_is_named(fake_tmdb: FakeTMDB) -> None:
    """The order of adding decides who approves by default."""
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.add_user("grace", "secret")
    for username, expected in ((None, "ada"), ("grace", "grace")):
        token = await v3_token(fake_tmdb)
        fake_tmdb.approve(token, username)
        body = {"request_token": token}
        session = (await ask(fake_tmdb, "POST", "/3/authentication/session/new", json=body)).body["session_id"]
        account = await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session})
        assert account.body["username"] == expected
