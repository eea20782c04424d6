"""Each of ZITADEL's complaints is one of our errors, by its id, in whichever envelope it comes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tmdb_auth_async.errors import (
    AccountUnavailable,
    AppCredentialRefused,
    AuthError,
    LoginRefused,
    NoAnswer,
    PermissionDenied,
    RateLimited,
    Refused,
    ServiceDown,
    SessionNotFound,
    Unreadable,
)
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.values import JSON_ANSWER, Call, Request, Response
from tmdb_auth_async.zitadel import Zitadel, create_session, terminate_session

ROWS: list[tuple[int, int, str, type[Refused]]] = [
    (401, 16, "", AppCredentialRefused),
    (401, 16, "AUTH-7fs1e", AppCredentialRefused),
    (403, 7, "COMMAND-sGr42", PermissionDenied),
    (403, 7, "AUTH-AWfge", PermissionDenied),
    (403, 7, "QUERY-dsfr3", PermissionDenied),
    (403, 7, "anything", PermissionDenied),
    (404, 5, "QUERY-SFeaa", SessionNotFound),
    (400, 3, "COMMAND-3M0fs", LoginRefused),
    (400, 3, "EVENT-8isk2", LoginRefused),
    (404, 5, "QUERY-Dfbg2", LoginRefused),
    (404, 5, "AUTHZ-cdgFk", Refused),
    (404, 5, "", Refused),
    (400, 9, "COMMAND-JLK35", AccountUnavailable),
    (400, 9, "COMMAND-SFA3t", AccountUnavailable),
    (400, 9, "SESSION-Gj4ko", AccountUnavailable),
    (400, 9, "COMMAND-Hewfq", SessionNotFound),
    (400, 9, "COMMAND-Hkl3d", SessionNotFound),
    (400, 9, "COMMAND-3Mif9s", Refused),
    (400, 3, "", Refused),
    (409, 6, "", Refused),
    (409, 10, "", Refused),
    (429, 8, "", RateLimited),
]
CONNECT = {
    3: "invalid_argument",
    5: "not_found",
    6: "already_exists",
    7: "permission_denied",
    8: "resource_exhausted",
    9: "failed_precondition",
    10: "aborted",
    16: "unauthenticated",
}
ENVELOPES = ["gateway", "slug", "connect", "connect without debug"]


def _protobuf(text: str) -> str:
    return base64.b64encode(b"\x0a" + bytes([len(text)]) + text.encode() + b"\x12\x01x").rstrip(b"=").decode()


def _body(envelope: str, number: int, reason: str) -> dict[str, Any]:
    details: list[dict[str, Any]] = []
    if reason and envelope == "gateway":
        details = [{"@type": "type.googleapis.com/zitadel.v1.ErrorDetail", "id": reason, "message": "words"}]
    elif reason and envelope == "slug":
        details = [{"@type": "type.googleapis.com/zitadel.error.v2.ErrorDetail", "slug": reason, "message": "words"}]
    elif reason:
        details = [{"type": "zitadel.v1.ErrorDetail", "value": _protobuf(reason)}]
        if envelope == "connect":
            details[0]["debug"] = {"id": reason, "message": "words"}
    code = CONNECT.get(number, number) if envelope.startswith("connect") else number
    return {"code": code, "message": "Wörter, in wessen Sprache auch immer", "details": details}


def _met(call: Call[Any], status: int, body: object, *, content_type: str = "application/json") -> AuthError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(AuthError) as raised:
        read_answer(Zitadel("https://id.example.com"), call, Response(status, data, content_type))
    assert raised.value.__cause__ is raised.value.__context__ is None
    return raised.value


@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize(("status", "number", "reason", "kind"), ROWS)
def test_each_row_of_the_table(envelope: str, status: int, number: int, reason: str, kind: type[Refused]) -> None:
    """The id decides; it is the error's code, else gRPC's number is; HTTP's status is kept beside it."""
    error = _met(terminate_session("1"), status, _body(envelope, number, reason))
    assert type(error) is kind
    assert isinstance(error, Refused)
    assert (error.status, error.code) == (status, reason or number)
    assert "Wörter, in wessen Sprache auch immer" in str(error)


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b"{}", b'"x"', b"null", b'{"code":"?","details":7}'])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, AppCredentialRefused), (403, PermissionDenied), (404, Refused), (429, RateLimited)],
)
def test_a_refusal_without_an_envelope_goes_by_its_status(status: int, kind: type[Refused], body: bytes) -> None:
    """A wrong host answers in no JSON at all; a 404 is never *already gone*."""
    error = _met(terminate_session("1"), status, body, content_type="text/plain")
    assert type(error) is kind
    assert isinstance(error, Refused)
    assert (error.status, error.code) == (status, None)


@pytest.mark.parametrize(
    ("status", "number"), [(500, 2), (500, 13), (501, 12), (503, 14), (504, 4), (500, 15), (502, 99)]
)
@pytest.mark.parametrize("envelope", ["gateway", "connect"])
def test_trouble_is_the_services(status: int, number: int, envelope: str) -> None:
    """Only a 503 says that nothing was created."""
    error = _met(create_session(), status, _body(envelope, number, "X-1"))
    assert isinstance(error, ServiceDown)
    assert (error.status, error.code, error.may_have_created) == (status, "X-1", status != 503)


def test_the_code_goes_before_the_status() -> None:
    """What a gateway makes of the status does not matter to a code that is known."""
    assert type(_met(terminate_session("1"), 500, _body("gateway", 9, "COMMAND-JLK35"))) is AccountUnavailable
    assert isinstance(_met(terminate_session("1"), 400, _body("gateway", 14, "")), ServiceDown)


@pytest.mark.parametrize("number", [3, 5, 9])
def test_an_unknown_refusal_goes_by_the_status_that_asks_to_wait(number: int) -> None:
    """Neither the id nor the number says that to ask again would be in vain; the status says it would not."""
    limited = _met(terminate_session("1"), 429, _body("gateway", number, "X-1"))
    assert type(limited) is RateLimited
    assert limited.code == "X-1"
    down = _met(terminate_session("1"), 503, _body("gateway", number, "X-1"))
    assert isinstance(down, ServiceDown)
    assert isinstance(_met(terminate_session("1"), 503, _body("gateway", 8, "X-1")), RateLimited)


def test_a_gateways_page_is_the_services_trouble() -> None:
    """HTML with a 404 or a 502 was not written by ZITADEL."""
    for status in (404, 502):
        error = _met(terminate_session("1"), status, b"<html>", content_type="text/html")
        assert isinstance(error, ServiceDown)


def test_failed_attempts_are_said_when_given() -> None:
    """And else left unsaid."""
    body = _body("gateway", 3, "COMMAND-3M0fs")
    assert "attempts" not in str(_met(create_session(), 400, body))
    for count in (3, "3"):
        body["details"][0]["failedAttempts"] = count
        assert "failed attempts so far: 3" in str(_met(create_session(), 400, body))


def test_the_first_detail_with_an_id_counts() -> None:
    """Details of other kinds, and nonsense, are passed over."""
    wrong: list[object] = [7, {}, {"id": 7}, {"@type": "x", "fieldViolations": []}, {"value": "!"}, {"value": 7}]
    wrong += [{"value": "CgE"}, {"value": base64.b64encode(b"\x0a\x02\xff\xfe").decode()}]
    body = {"code": 9, "message": "x", "details": [*wrong, {"id": "COMMAND-Hewfq"}]}
    error = _met(terminate_session("1"), 400, body)
    assert (type(error), getattr(error, "code", None)) == (SessionNotFound, "COMMAND-Hewfq")


def test_the_services_words_lose_the_requests_secrets() -> None:
    """A token, a password and an id that are quoted back are struck out."""
    call = terminate_session("id-canary", "token-canary")
    body = {"code": 7, "message": "token-canary is not id-canary's", "details": []}
    assert str(_met(call, 403, body)).startswith("DELETE /v2/sessions/{session_id}: ••• is not •••'s")
    login = create_session(login_name="ada", password="pass-canary", totp="123456")
    error = _met(login, 400, {"code": 3, "message": "pass-canary and 123456", "details": []})
    assert "canary" not in str(error)
    assert "123456" not in str(error)


def test_the_services_words_and_what_to_do_are_one_sentence() -> None:
    """The full stop of a quoted sentence goes, so that advice can follow."""
    error = _met(create_session(), 400, {"code": 3, "message": "No.", "details": [{"id": "COMMAND-3M0fs"}]})
    assert error.message == "POST /v2/sessions: No; check the login name, the password and the code"


def test_an_id_stays_whole_beside_short_secrets() -> None:
    """A password of one letter is in many an id; what is no id of ZITADEL's making is struck like its words."""
    login = create_session(login_name="ada", password="M")
    body = {"code": 3, "message": "no", "details": [{"id": "COMMAND-3M0fs"}]}
    assert getattr(_met(login, 400, body), "code", None) == "COMMAND-3M0fs"
    echoing = {"code": 7, "message": "no", "details": [{"id": "token-canary"}]}
    assert "canary" not in repr(vars(_met(terminate_session("1", "token-canary"), 403, echoing)))


def test_oauths_words_are_read_too() -> None:
    """Its error is the code, its description the words."""
    error = _met(
        Call(Request("POST", "/x"), JSON_ANSWER), 400, {"error": "invalid_grant", "error_description": "too old"}
    )
    assert (getattr(error, "code", None), "too old" in str(error)) == ("invalid_grant", True)


def test_an_answer_is_no_complaint() -> None:
    """Whatever a 200 holds; a redirect is not followed."""
    service = Zitadel("https://id.example.com")
    assert service.complaint(create_session(), Response(200, b""), {"code": 7, "message": "x"}) is None
    assert isinstance(_met(create_session(), 302, {}), Unreadable)
    assert isinstance(_met(create_session(), 200, b"<html>", content_type="text/html"), NoAnswer)


def test_a_session_is_dead_when_its_bearer_is_refused() -> None:
    """And not when it may not do something."""
    service = Zitadel("https://id.example.com")
    assert service.is_dead(AppCredentialRefused("x", status=401, code="AUTH-7fs1e"))
    assert not service.is_dead(PermissionDenied("x", status=403, code="COMMAND-sGr42"))
    assert not service.is_dead(Refused("x", status=404, code="AUTHZ-cdgFk"))


@pytest.mark.parametrize(
    ("login", "body", "code"),
    [
        ({"totp": "904117"}, {"code": 904117}, None),
        ({"totp": "904117"}, {"code": -19041170}, None),
        ({"totp": "904117"}, {"code": 10**30}, None),
        ({"totp": "904117"}, {"code": 904118}, 904118),
        ({"totp": "3"}, {"code": 3}, 3),
        ({"password": "SUMMER-2026pw"}, {"code": 3, "details": [{"id": "SUMMER-2026pw"}]}, "•••"),
        ({"password": "2026"}, {"code": 3, "details": [{"id": "SUMMER-2026pw"}]}, "SUMMER-•••pw"),
        ({"password": "COMMAND-3M0fs"}, {"code": 3, "details": [{"id": "COMMAND-3M0fs"}]}, "COMMAND-3M0fs"),
    ],
)
def test_a_code_that_holds_a_secret_is_not_told(login: dict[str, Any], body: dict[str, Any], code: object) -> None:
    """GRPC's numbers and the documented ids always are."""
    error = _met(create_session(login_name="ada", **login), 400, {"message": "no", **body})
    assert getattr(error, "code", "") == code
    assert error.message.startswith("POST /v2/sessions: no")


def test_failed_attempts_that_are_the_code_are_not_said() -> None:
    """A service may write anything where a number is awaited."""
    body = {"code": 3, "message": "no", "details": [{"id": "COMMAND-3M0fs", "failedAttempts": "904117"}]}
    assert "attempts" not in str(_met(create_session(login_name="ada", totp="904117"), 400, body))
    assert "attempts so far: 904117" in str(_met(create_session(login_name="ada", totp="904118"), 400, body))
