"""ZITADEL's calls send what its API takes, and read whatever it leaves out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import NotConfigured, SessionNotFound, Unreadable, zitadel
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.values import Call, Response
from tmdb_auth_async.zitadel import MYSELF, Details, Factors, Zitadel, ZitadelSession, ZitadelSessionInfo

from .zitadel_asking import SECRET, managed

SERVICE = Zitadel("https://id.example.com")


def _read(call: Call[Any], body: object, status: int = 200) -> Any:
    return read_answer(SERVICE, call, Response(status, json.dumps(body).encode(), "application/json"))


def test_a_create_holds_what_is_given_and_no_more() -> None:
    """Each check under its name, the lifetime in protobuf's words, metadata in base64."""
    request = zitadel.create_session(
        login_name="ada", password="secret", totp="123456", lifetime_s=3600, metadata={"client": b"b\xff?"}
    ).request
    assert (request.method, request.path, request.creates, request.repeatable) == ("POST", "/v2/sessions", True, False)
    assert request.json == {
        "checks": {"user": {"loginName": "ada"}, "password": {"password": "secret"}, "totp": {"code": "123456"}},
        "lifetime": "3600s",
        "metadata": {"client": "Yv8/"},
    }
    assert zitadel.create_session().request.json == {}
    assert zitadel.create_session(user_id="1").request.json == {"checks": {"user": {"userId": "1"}}}


def test_a_set_is_not_repeated() -> None:
    """It rotates the token; it creates nothing."""
    request = zitadel.set_session("1", totp="123456", lifetime_s=0.25).request
    assert (request.method, request.fills) == ("PATCH", {"session_id": "1"})
    assert (request.repeatable, request.creates) == (False, False)
    assert request.json == {"checks": {"totp": {"code": "123456"}}, "lifetime": "0.25s"}


def test_a_termination_holds_a_token_or_no_body() -> None:
    """An empty token is none."""
    assert zitadel.terminate_session("1", "t").request.json == {"sessionToken": "t"}
    for token in (None, ""):
        assert zitadel.terminate_session("1", token).request.json is None
    assert zitadel.terminate_session("1").request.repeatable


def test_a_search_sends_what_is_wanted() -> None:
    """64-bit numbers are strings; whoever asks is an empty creator query."""
    call = zitadel.search_sessions(ids=["1", "2"], user_id="3", creator_id="4", limit=5, offset=6)
    assert call.request.repeatable
    assert call.request.json == {
        "query": {"asc": True, "offset": "6", "limit": 5},
        "queries": [{"idsQuery": {"ids": ["1", "2"]}}, {"userIdQuery": {"id": "3"}}, {"creatorQuery": {"id": "4"}}],
        "sortingColumn": "SESSION_FIELD_NAME_CREATION_DATE",
    }
    mine: Any = zitadel.search_sessions(creator_id=MYSELF).request.json
    assert (mine["queries"], mine["query"]) == ([{"creatorQuery": {}}], {"asc": True})


@pytest.mark.parametrize("lifetime_s", [0, -1, float("nan"), float("inf"), 1e-12, 1e12, True, "60"])
def test_a_lifetime_that_cannot_be_is_refused(lifetime_s: Any) -> None:
    """Before anything is sent: it is seconds, and more than nothing."""
    for call in (
        lambda: zitadel.create_session(lifetime_s=lifetime_s),
        lambda: zitadel.set_session("1", lifetime_s=lifetime_s),
    ):
        with pytest.raises(NotConfigured, match="positive number of seconds"):
            call()


def test_a_session_is_for_one_user() -> None:
    """By name or by id."""
    with pytest.raises(NotConfigured, match="not both"):
        zitadel.create_session(login_name="ada", user_id="1")


def test_whatever_is_left_out_is_empty() -> None:
    """Every part of an answer that protobuf leaves out when it is zero may be missing."""
    made = _read(zitadel.create_session(), {"sessionId": "1", "sessionToken": "t"}, 201)
    assert (made.session_id, made.session_token, made.details) == ("1", "t", Details())
    changed = _read(zitadel.set_session("1"), {})
    assert (changed.session_token, changed.details) == (None, Details())
    assert _read(zitadel.get_session("1"), {"session": {"id": "1"}}) == ZitadelSessionInfo("1")
    assert _read(zitadel.search_sessions(), {}) == ()
    bodies: list[dict[str, object]] = [{}, {"details": {}}]
    for body in bodies:
        assert _read(zitadel.terminate_session("1"), body) == Details()


def test_everything_is_read_as_what_it_is() -> None:
    """Numbers from strings, times to the microsecond, bytes from base64, unknown fields passed over."""
    session = {
        "id": "1",
        "creationDate": "2026-01-31T12:00:00.123456789Z",
        "changeDate": "2026-01-31T13:00:00+01:00",
        "sequence": "18446744073709551615",
        "factors": {
            "user": {"verifiedAt": "2026-01-31T12:00:00Z", "id": "2", "loginName": "ada", "organizationId": "3"},
            "webAuthN": {"userVerified": True},
            "otpSms": {"verifiedAt": "2026-01-31T12:00:00Z"},
            "new": {},
        },
        "metadata": {"a": "Yv8/", "b": "Yv8_", "c": "Yg"},
        "userAgent": {"fingerprintId": "f", "ip": "::1", "header": {}},
        "expirationDate": "2026-01-31T13:00:00Z",
        "new": 1,
    }
    (info,) = _read(zitadel.search_sessions(), {"details": {"totalResult": "1"}, "sessions": [session]})
    assert info.creation_date == datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
    assert info.change_date == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert info.change_date.tzinfo is UTC
    assert info.sequence == 2**64 - 1
    assert (info.factors.user.login_name, info.factors.user.display_name) == ("ada", None)
    assert (info.factors.web_auth_n.user_verified, info.factors.totp) == (True, None)
    assert info.factors.otp_sms.verified_at == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert info.metadata == {"a": b"b\xff?", "b": b"b\xff?", "c": b"b"}
    assert (info.user_agent.fingerprint_id, info.user_agent.description) == ("f", None)
    assert info.expiration_date == datetime(2026, 1, 31, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (zitadel.create_session(), {"sessionId": "1"}),
        (zitadel.create_session(), {"sessionToken": "t"}),
        (zitadel.create_session(), {"sessionId": 1, "sessionToken": "t"}),
        (zitadel.get_session("1"), {}),
        (zitadel.get_session("1"), {"session": {"id": "1", "metadata": {"a": "?"}}}),
        (zitadel.get_session("1"), {"session": {"id": "1", "creationDate": "2026-01-31"}}),
        (zitadel.get_session("1"), {"session": {"id": None}}),
        (zitadel.search_sessions(), {"sessions": [{}]}),
        (zitadel.search_sessions(), []),
        (zitadel.terminate_session("1"), []),
    ],
)
def test_what_cannot_be_read_says_so(call: Call[Any], body: object) -> None:
    """Without quoting it; a create says that there may be a session."""
    with pytest.raises(Unreadable) as raised:
        _read(call, body)
    assert raised.value.may_have_created is call.request.creates
    assert raised.value.__context__ is None


def test_a_session_expires_a_lifetime_after_its_creation() -> None:
    """By the service's time where it tells that; never without a lifetime."""
    noted = {"sessionId": "1", "sessionToken": "t", "details": {"changeDate": "2026-01-31T12:00:00Z"}}
    for lifetime_s, expires_at in ((None, None), (90.5, datetime(2026, 1, 31, 12, 1, 30, 500000, tzinfo=UTC))):
        call = zitadel.create_session(lifetime_s=lifetime_s)
        assert call.opens
        session = call.opens(_read(call, noted, 201))
        assert isinstance(session, ZitadelSession)
        assert session.expires_at == expires_at
    both = {**noted, "details": {"changeDate": "2026-01-31T12:00:00Z", "creationDate": "2026-01-31T11:00:00Z"}}
    call = zitadel.create_session(lifetime_s=60)
    assert call.opens
    assert getattr(call.opens(_read(call, both)), "expires_at", None) == datetime(2026, 1, 31, 11, 1, tzinfo=UTC)
    silent = call.opens(_read(call, {"sessionId": "1", "sessionToken": "t"}))
    assert isinstance(silent, ZitadelSession)
    assert silent.expires_at
    assert abs(silent.expires_at - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=5)
    ages = zitadel.create_session(lifetime_s=3e11)
    assert ages.opens
    assert getattr(ages.opens(_read(ages, noted)), "expires_at", None) is None


def test_nothing_shows_a_secret() -> None:
    """Neither a call nor an answer nor a session."""
    calls: list[Call[Any]] = [
        zitadel.create_session(login_name="name-canary", password="canary", totp="123456", metadata={"a": b"canary"}),
        zitadel.set_session("canary", totp="123456"),
        zitadel.get_session("canary", "canary"),
        zitadel.search_sessions(ids=["canary"]),
        zitadel.terminate_session("canary", "canary"),
    ]
    answers = [
        _read(calls[0], {"sessionId": "canary", "sessionToken": "canary"}),
        _read(calls[1], {"sessionToken": "canary"}),
        _read(calls[2], {"session": {"id": "canary", "metadata": {"a": "canary"}}}),
        ZitadelSession("canary", "canary"),
    ]
    assert "canary" not in repr([calls, answers])
    assert "123456" not in repr(calls)


async def test_the_five_calls_work(fake_zitadel: FakeZitadel) -> None:
    """Created, set, read, found and terminated by a manager's own asking."""
    user_id = fake_zitadel.add_user("ada", "secret", SECRET)
    async with managed(fake_zitadel) as manager:
        made = await manager.ask(
            zitadel.create_session(user_id=user_id, password="secret", lifetime_s=3600, metadata={"client": b"bot"})
        )
        changed = await manager.ask(zitadel.set_session(made.session_id, totp=fake_zitadel.totp_code("ada")))
        assert changed.session_token
        unchanged = await manager.ask(zitadel.set_session(made.session_id))
        assert unchanged.session_token is None
        info = await manager.ask(zitadel.get_session(made.session_id, changed.session_token))
        assert (info.metadata, info.factors == Factors()) == ({"client": b"bot"}, False)
        for found in (
            zitadel.search_sessions(creator_id=MYSELF),
            zitadel.search_sessions(creator_id=fake_zitadel.caller_id, user_id=user_id, limit=1),
            zitadel.search_sessions(ids=(made.session_id,)),
        ):
            assert await manager.ask(found) == (info,)
        assert await manager.ask(zitadel.search_sessions(offset=1)) == ()
        assert await manager.ask(zitadel.search_sessions(creator_id=user_id)) == ()
        details = await manager.ask(zitadel.terminate_session(made.session_id, changed.session_token))
        assert details.change_date is not None
        with pytest.raises(SessionNotFound):
            await manager.ask(zitadel.get_session(made.session_id))
        with pytest.raises(SessionNotFound):
            await manager.ask(zitadel.set_session(made.session_id, lifetime_s=60))
    assert not fake_zitadel.sessions
