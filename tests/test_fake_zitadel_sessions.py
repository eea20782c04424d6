"""The fake ZITADEL creates, sets, reads and finds sessions as the real one is known to."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta

import pytest

from tmdb_auth_async.testing import FakeZitadel

from .zitadel_asking import ADA, RPC, SECRET, ask, create

SESSIONS = "/v2/sessions"


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


async def test_a_create_is_201_with_an_id_and_a_token(fake: FakeZitadel) -> None:
    """The id is a decimal string, 64-bit numbers are strings, and the creation's date is not said."""
    reply = await ask(fake, "POST", SESSIONS, json={"checks": ADA})
    assert reply.status == 201
    assert set(reply.body) == {"details", "sessionId", "sessionToken"}
    assert re.fullmatch(r"[0-9]+", reply.body["sessionId"])
    assert set(reply.body["details"]) == {"sequence", "changeDate", "resourceOwner"}
    assert isinstance(reply.body["details"]["sequence"], str)
    assert fake.sessions == {reply.body["sessionId"]}


async def test_a_session_tells_what_was_checked_and_leaves_out_the_rest(fake: FakeZitadel) -> None:
    """Factors are those that were checked; without a lifetime or metadata neither is there."""
    session_id, _ = await create(fake, ADA)
    session = (await ask(fake, "GET", f"{SESSIONS}/{session_id}")).body["session"]
    assert set(session) == {"id", "creationDate", "changeDate", "sequence", "factors"}
    assert set(session["factors"]) == {"user", "password"}
    assert session["factors"]["user"]["loginName"] == "ada"


async def test_an_empty_create_is_a_session_of_nobody(fake: FakeZitadel) -> None:
    """Checks may come later, by a set; the user stays whose the session is then."""
    fake.add_user("bob", "secret")
    session_id, _ = await create(fake)
    session = (await ask(fake, "GET", f"{SESSIONS}/{session_id}")).body["session"]
    assert "factors" not in session
    assert (await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json={"checks": ADA})).status == 200
    other = {"checks": {"user": {"loginName": "bob"}}}
    assert (await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json=other)).told == (400, 3, "")


async def test_a_lifetime_is_counted_from_the_creation(fake: FakeZitadel) -> None:
    """A duration is seconds with an s; what it ends is not live, yet listed until it is terminated."""
    session_id, token = await create(fake, ADA, lifetime="90.5s")
    session = (await ask(fake, "GET", f"{SESSIONS}/{session_id}")).body["session"]
    created, expires = (datetime.fromisoformat(session[name]) for name in ("changeDate", "expirationDate"))
    assert expires - created == pytest.approx(timedelta(seconds=90.5), abs=timedelta(milliseconds=1))
    fake.advance(91)
    assert not fake.sessions
    assert (await ask(fake, "POST", f"{SESSIONS}/search", json={})).body["sessions"][0]["id"] == session_id
    assert (await ask(fake, "GET", f"{SESSIONS}/{session_id}", bearer=token)).told == (401, 16, "AUTH-7fs1e")
    assert (await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json={})).told == (400, 9, "COMMAND-Hkl3d")


@pytest.mark.parametrize("lifetime", ["90", "-1s", "0s", "1m", 90, "1e3s"])
async def test_what_is_no_lifetime_is_refused(fake: FakeZitadel, lifetime: object) -> None:
    """A lifetime is a positive number of seconds, as a string; nothing is stored otherwise."""
    assert (await ask(fake, "POST", SESSIONS, json={"checks": ADA, "lifetime": lifetime})).status == 400
    assert not fake.sessions


async def test_a_set_rotates_the_token(fake: FakeZitadel) -> None:
    """The token before is dead from then on, as a bearer too."""
    session_id, first = await create(fake, ADA)
    code = {"checks": {"totp": {"code": fake.totp_code("ada")}}}
    reply = await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json=code)
    second = reply.body["sessionToken"]
    assert (reply.status, second != first) == (200, True)
    for token, status in ((first, 401), (second, 200)):
        assert (await ask(fake, "GET", f"{SESSIONS}/{session_id}", bearer=token)).status == status


async def test_a_set_that_changes_nothing_leaves_the_token_out(fake: FakeZitadel) -> None:
    """Neither an empty set nor metadata that is there already makes a new token."""
    metadata = {"client": base64.b64encode(b"bot").decode()}
    session_id, token = await create(fake, ADA, metadata=metadata)
    for change in ({}, {"metadata": metadata}):
        assert set((await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json=change)).body) == {"details"}
    assert (await ask(fake, "GET", f"{SESSIONS}/{session_id}", bearer=token)).body["session"]["metadata"] == metadata
    removed = await ask(fake, "PATCH", f"{SESSIONS}/{session_id}", json={"metadata": {"client": ""}})
    assert "sessionToken" in removed.body
    assert "metadata" not in (await ask(fake, "GET", f"{SESSIONS}/{session_id}")).body["session"]


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ({"user": {"loginName": "bob"}}, (404, 5, "QUERY-Dfbg2")),
        ({"user": {"userId": "1"}}, (404, 5, "QUERY-Dfbg2")),
        ({"password": {"password": "secret"}}, (400, 9, "COMMAND-Sfw3f")),
        ({"user": {"loginName": "ADA"}, "totp": {"code": "abcdef"}}, (400, 3, "EVENT-8isk2")),
        ({"user": {"loginName": "ada"}, "otpSms": {"code": "1"}}, (501, 12, "")),
        ({"user": "ada"}, (400, 3, "")),
        ({"user": {"loginName": 1}}, (400, 3, "")),
        ({"user": {"login_name": "ADA"}, "password": {"password": "x"}}, (400, 3, "COMMAND-3M0fs")),
    ],
)
async def test_a_refused_create_stores_nothing(fake: FakeZitadel, checks: object, told: tuple[int, int, str]) -> None:
    """Whatever is wrong with one check, there is no session."""
    assert (await ask(fake, "POST", SESSIONS, json={"checks": checks})).told == told
    assert not fake.sessions


@pytest.mark.parametrize(
    "search",
    [
        {"queries": {}},
        {"queries": [7]},
        {"query": {"limit": "many"}},
        {"query": {"offset": -1}},
        {"query": {"limit": True}},
        {"queries": [{"idsQuery": {}}]},
        {"queries": [{"creationDateQuery": {"creationDate": "yesterday"}}]},
        {"queries": [{"creationDateQuery": {"creationDate": "2026-01-01T00:00:00Z", "method": "LATER"}}]},
    ],
)
async def test_a_search_that_is_none_is_refused(fake: FakeZitadel, search: object) -> None:
    """With the wrong types, or a query that the fake does not know."""
    assert (await ask(fake, "POST", f"{SESSIONS}/search", json=search)).told[:2] == (400, 3)


@pytest.mark.parametrize("metadata", [7, {"a": 7}, {"a": "?"}])
async def test_metadata_is_base64(fake: FakeZitadel, metadata: object) -> None:
    """By key; anything else is refused, and nothing stored."""
    assert (await ask(fake, "POST", SESSIONS, json={"metadata": metadata})).told == (400, 3, "")
    assert not fake.sessions


async def test_a_device_is_told_back(fake: FakeZitadel) -> None:
    """What a create says of the user's agent."""
    agent = {"fingerprintId": "f", "ip": "::1", "description": "a bot"}
    session_id, _ = await create(fake, userAgent=agent)
    assert (await ask(fake, "GET", f"{SESSIONS}/{session_id}")).body["session"]["userAgent"] == agent
    assert (await ask(fake, "PATCH", f"{SESSIONS}/1", json={})).told == (400, 9, "COMMAND-Flk38")


async def test_wrong_passwords_are_counted_until_a_right_one(fake: FakeZitadel) -> None:
    """The detail says how many there were."""
    wrong = {"checks": {**ADA, "password": {"password": "wrong"}}}
    for count in (1, 2):
        reply = await ask(fake, "POST", SESSIONS, json=wrong)
        assert reply.told == (400, 3, "COMMAND-3M0fs")
        detail = reply.body["details"][0]
        assert (detail["@type"], detail["failedAttempts"]) == (
            "type.googleapis.com/zitadel.v1.CredentialsCheckError",
            count,
        )
    await create(fake, ADA)
    assert (await ask(fake, "POST", SESSIONS, json=wrong)).body["details"][0]["failedAttempts"] == 1


async def test_locked_and_inactive_users_are_told_apart(fake: FakeZitadel) -> None:
    """A lock shows at the password or the code, a deactivation at the name; both can be taken back."""
    fake.lock("ada")
    code = {"user": {"loginName": "ada"}, "totp": {"code": fake.totp_code("ada")}}
    assert (await ask(fake, "POST", SESSIONS, json={"checks": ADA})).told == (400, 9, "COMMAND-JLK35")
    assert (await ask(fake, "POST", SESSIONS, json={"checks": code})).told == (400, 9, "COMMAND-SFA3t")
    fake.deactivate("ada")
    assert (await ask(fake, "POST", SESSIONS, json={"checks": ADA})).told == (400, 9, "SESSION-Gj4ko")
    fake.activate("ada")
    assert (await ask(fake, "POST", SESSIONS, json={"checks": ADA})).status == 201


async def test_reading_is_for_those_whose_it_is(fake: FakeZitadel) -> None:
    """The creator, the user, who has the token and who may read see a session; others do not."""
    session_id, token = await create(fake, ADA)
    path = f"{SESSIONS}/{session_id}"
    stranger, nobody = fake.add_caller(()), fake.add_caller()
    assert (await ask(fake, "GET", path, bearer=stranger)).told == (403, 7, "AUTH-AWfge")
    assert (await ask(fake, "GET", path, bearer=nobody)).told == (404, 5, "AUTHZ-cdgFk")
    assert (await ask(fake, "GET", path, query={"sessionToken": "x"})).told == (403, 7, "QUERY-dsfr3")
    assert (await ask(fake, "GET", path, query={"sessionToken": token}, bearer=nobody)).status == 200
    assert (await ask(fake, "GET", path, bearer=token)).status == 200
    assert (await ask(fake, "GET", path, bearer=fake.add_caller(["session.read"]))).status == 200
    assert (await ask(fake, "GET", f"{SESSIONS}/1")).told == (404, 5, "QUERY-SFeaa")


async def test_a_search_filters_sorts_and_pages(fake: FakeZitadel) -> None:
    """All queries must fit; what the caller may not read is left out, and so is an empty list."""
    user_id = fake.add_user("bob", "secret")
    ids = [(await create(fake, {"user": {"loginName": name}}))[0] for name in ("ada", "bob", "ada")]
    bobs = {"queries": [{"userIdQuery": {"id": user_id}}, {"idsQuery": {"ids": ids}}]}
    assert await _found(fake, bobs) == [ids[1]]
    assert await _found(fake, {"queries": [{"creatorQuery": {}}], "query": {"asc": True}}) == ids
    assert await _found(fake, {"queries": [{"creatorQuery": {"id": user_id}}]}) == []
    assert await _found(fake, {"query": {"limit": 1, "offset": "1"}}) == [ids[1]]
    assert await _found(fake, {}) == ids[::-1]
    everything = await ask(fake, "POST", f"{SESSIONS}/search", json={}, bearer=fake.add_caller(()))
    assert set(everything.body) == {"details"}
    unknown: object = {"queries": [{"noSuchQuery": {}}]}
    assert (await ask(fake, "POST", f"{SESSIONS}/search", json=unknown)).told == (400, 3, "GRPC-Sfefs")


async def test_a_search_by_time(fake: FakeZitadel) -> None:
    """A creation's time is held against one in RFC 3339."""
    first, _ = await create(fake)
    fake.advance(60)
    second, _ = await create(fake)
    moment = (await ask(fake, "GET", f"{SESSIONS}/{second}")).body["session"]["creationDate"]
    for method, ids in (("GREATER_OR_EQUALS", [second]), ("LESS", [first]), ("EQUALS", [second])):
        query = {"creationDateQuery": {"creationDate": moment, "method": f"TIMESTAMP_QUERY_METHOD_{method}"}}
        assert await _found(fake, {"queries": [query]}) == ids


async def test_connect_answers_the_same_on_the_rpc_paths(fake: FakeZitadel) -> None:
    """Success is 200, the id goes into the body, and a complaint has a name, a protobuf detail and its words."""
    reply = await ask(fake, "POST", f"{RPC}CreateSession", json={"checks": ADA})
    assert reply.status == 200
    named = {"sessionId": reply.body["sessionId"]}
    assert (await ask(fake, "POST", f"{RPC}GetSession", json=named)).body["session"]["id"] == named["sessionId"]
    assert (await ask(fake, "POST", f"{RPC}ListSessions", json={})).body["sessions"][0]["id"] == named["sessionId"]
    assert (await ask(fake, "POST", f"{RPC}SetSession", json={**named, "lifetime": "60s"})).status == 200
    assert (await ask(fake, "POST", f"{RPC}DeleteSession", json=named)).status == 200
    wrong = {"checks": {**ADA, "password": {"password": "wrong"}}}
    refused = await ask(fake, "POST", f"{RPC}CreateSession", json=wrong)
    assert refused.told == (400, "invalid_argument", "COMMAND-3M0fs")
    detail = refused.body["details"][0]
    message = base64.b64decode(detail["value"] + "=" * (-len(detail["value"]) % 4))
    assert message == b"\x0a\x0dCOMMAND-3M0fs\x12\x13Password is invalid\x18\x01"


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_refused(fake: FakeZitadel, body: bytes) -> None:
    """Whatever is sent, the answer is a complaint."""
    assert (await ask(fake, "POST", SESSIONS, data=body)).told == (400, 3, "")


async def _found(fake: FakeZitadel, search: object) -> list[str]:
    body = (await ask(fake, "POST", f"{SESSIONS}/search", json=search)).body
    return [session["id"] for session in body.get("sessions", [])]
