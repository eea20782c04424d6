"""TMDB's status codes, row by row: which error each one is, whatever HTTP says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tmdb_auth_async import JSON, TMDB, Request, Response, tmdb
from tmdb_auth_async.errors import (
    AccountUnavailable,
    AppCredentialRefused,
    AuthError,
    LoginRefused,
    NoAnswer,
    NotApproved,
    PermissionDenied,
    RateLimited,
    Refused,
    RequestTokenInvalid,
    ServiceDown,
    SessionNotFound,
)
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.values import JSON_ANSWER, Call

# Copied by hand from the contract and from TMDB's own table, not from the code.
TABLE: dict[int, tuple[int, type[AuthError] | None]] = {
    1: (200, None),
    2: (501, ServiceDown),
    3: (401, PermissionDenied),
    4: (405, Refused),
    5: (422, Refused),
    6: (404, Refused),
    7: (401, AppCredentialRefused),
    8: (403, Refused),
    9: (503, ServiceDown),
    10: (401, AppCredentialRefused),
    11: (500, ServiceDown),
    12: (201, None),
    13: (200, None),
    14: (401, PermissionDenied),
    15: (500, ServiceDown),
    16: (401, PermissionDenied),
    17: (401, NotApproved),
    18: (400, Refused),
    19: (406, Refused),
    20: (422, Refused),
    21: (200, Refused),
    22: (400, Refused),
    23: (400, Refused),
    24: (504, ServiceDown),
    25: (429, RateLimited),
    26: (400, LoginRefused),
    27: (400, Refused),
    28: (400, Refused),
    29: (400, Refused),
    30: (401, LoginRefused),
    31: (401, AccountUnavailable),
    32: (401, AccountUnavailable),
    33: (401, RequestTokenInvalid),
    34: (404, Refused),
    35: (401, RequestTokenInvalid),
    36: (401, PermissionDenied),
    37: (404, SessionNotFound),
    38: (401, PermissionDenied),
    39: (401, PermissionDenied),
    40: (200, None),
    41: (422, NotApproved),
    42: (405, Refused),
    43: (502, ServiceDown),
    44: (500, ServiceDown),
    45: (403, AccountUnavailable),
    46: (503, ServiceDown),
    47: (400, Refused),
}
ROWS = [(code, status, kind) for code, (status, kind) in TABLE.items()]
FAILING = [(code, status, kind) for code, status, kind in ROWS if kind is not None]
OWN = [row for row in FAILING if row[0] not in {2, 44} and row[2] is not Refused]
"""The codes that have an error of their own; to any other a 5xx is trouble, and a 429 a rate limit."""
PLAIN = Call(Request("GET", "/3/account"), JSON_ANSWER)


def ask(status: int, body: object, call: Call[JSON] = PLAIN, *, retry_after: str | None = None) -> JSON:
    """Read what TMDB would have answered."""
    return read_answer(TMDB, call, Response(status, json.dumps(body).encode(), "application/json", retry_after))


def met(status: int, body: object, call: Call[JSON] = PLAIN, *, retry_after: str | None = None) -> AuthError:
    """Return the error that such an answer is."""
    with pytest.raises(AuthError) as caught:
        ask(status, body, call, retry_after=retry_after)
    return caught.value


def said(code: int) -> dict[str, JSON]:
    """Write a complaint the way TMDB does."""
    return {"success": False, "status_code": code, "status_message": f"Words of {code}."}


def test_the_table_is_whole() -> None:
    """Not one of the 47 codes is left out."""
    assert list(TABLE) == list(range(1, 48))


@pytest.mark.parametrize(("code", "status", "kind"), FAILING)
def test_each_code_is_its_error(code: int, status: int, kind: type[AuthError]) -> None:
    """With the documented HTTP status each code is exactly its error, with both numbers and the words."""
    error = met(status, said(code))
    assert type(error) is kind
    assert isinstance(error, Refused | ServiceDown)
    assert (error.status, error.code) == (status, code)
    assert f"Words of {code}" in error.message
    assert "GET /3/account" in str(error)


@pytest.mark.parametrize(
    ("code", "words", "text"),
    [
        (30, "No.", "No; check the username and password; accounts with two-factor need another approval"),
        (25, "Wait.", "Wait; ask less often"),
        (9, "Offline.", "the service is in trouble: Offline; try again later"),
        (5, "Wrong...", "Wrong..."),
        (5, "Wrong!", "Wrong!"),
        (7, ".", "no reason given; check the app's read access token or API key"),
        (9, ".", "the service is in trouble; try again later"),
    ],
)
def test_what_tmdb_says_and_what_to_do_are_one_sentence(code: int, words: str, text: str) -> None:
    """The full stop of a quoted sentence goes, so that advice can follow."""
    error = met(400, {"status_code": code, "status_message": words})
    assert error.message == f"GET /3/account: {text}"


@pytest.mark.parametrize("status", [200, 201, 400, 404, 418, 429, 500, 503])
@pytest.mark.parametrize(("code", "_", "kind"), OWN)
def test_the_code_decides_before_a_wrong_status(code: int, _: int, kind: type[AuthError], status: int) -> None:
    """HTTP may say what it likes: the code in the body decides, and both numbers are told."""
    error = met(status, said(code))
    assert type(error) is kind
    assert isinstance(error, Refused | ServiceDown)
    assert (error.status, error.code) == (status, code)


@pytest.mark.parametrize("status", [200, 201, 400, 401, 404, 500])
@pytest.mark.parametrize("code", [code for code, _, kind in ROWS if kind is None])
def test_a_code_of_success_is_an_answer_whatever_http_says(code: int, status: int) -> None:
    """Done, updated, deleted, nothing to update: these codes are no error under any status."""
    body: dict[str, JSON] = {"success": True, "status_code": code, "status_message": "Fine."}
    assert ask(status, body) == body


@pytest.mark.parametrize(("code", "status", "kind"), FAILING)
def test_success_may_be_missing_and_failure_added(code: int, status: int, kind: type[AuthError]) -> None:
    """Bodies of 2019 lack `success`, today's have `failure`, and fields that nobody knows appear."""
    bare = {"status_code": code, "status_message": "Words."}
    for body in (bare, {**bare, "failure": True}, {**bare, "success": True, "error_message": "more", "x": [1, {}]}):
        assert type(met(status, body)) is kind


@pytest.mark.parametrize(("code", "status", "kind"), FAILING)
def test_a_code_without_words_is_still_its_error(code: int, status: int, kind: type[AuthError]) -> None:
    """No message, or one that is no text, takes nothing away."""
    for body in ({"status_code": code}, {"status_code": code, "status_message": {"en": 1}}):
        assert type(met(status, body)) is kind


@pytest.mark.parametrize("code", [0, -1, 48, 99, 10**12])
@pytest.mark.parametrize("status", [200, 400, 401, 404, 422])
def test_an_unknown_code_is_a_refusal_with_both_numbers(code: int, status: int) -> None:
    """What TMDB invents tomorrow is a plain `Refused`."""
    error = met(status, said(code))
    assert type(error) is Refused
    assert (error.status, error.code) == (status, code)


@pytest.mark.parametrize("code", [0, -1, 48, 10**12, *sorted(set(TABLE) - {row[0] for row in OWN} - {1, 12, 13, 40})])
def test_a_code_without_an_error_of_its_own_leaves_trouble_to_http(code: int) -> None:
    """Known or new, with a 5xx it is still trouble, with a 429 still a rate limit: whoever asks again is right."""
    assert type(met(404, said(code))) is Refused
    down, limited = met(502, said(code)), met(429, said(code), retry_after="3")
    assert isinstance(down, ServiceDown)
    assert isinstance(limited, RateLimited)
    assert (down.status, down.code, limited.status, limited.code) == (502, code, 429, code)
    assert limited.retry_after_s == 3


@pytest.mark.parametrize("code", [None, True, "7", 7.5, [7], {"code": 7}])
def test_a_code_that_is_no_number_leaves_it_to_http(code: JSON) -> None:
    """A code of the wrong type is none: the HTTP status decides."""
    error = met(401, {"success": False, "status_code": code})
    assert type(error) is Refused
    assert (error.status, error.code) == (401, None)


@pytest.mark.parametrize("body", [{"success": False}, {"failure": True}, {"success": False, "failure": True}])
def test_a_failure_without_a_code_is_a_refusal(body: JSON) -> None:
    """`success: false` is a no even under HTTP 200."""
    error = met(200, body)
    assert type(error) is Refused
    assert (error.status, error.code) == (200, None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, Refused), (403, Refused), (404, Refused), (500, ServiceDown), (502, ServiceDown)],
)
@pytest.mark.parametrize("body", [{}, [], None, "no", 7, {"errors": ["page must be less than 500"]}])
def test_without_a_code_http_decides(body: JSON, status: int, kind: type[AuthError]) -> None:
    """Any JSON under a status of failure is a failure."""
    error = met(status, body)
    assert type(error) is kind
    assert isinstance(error, Refused | ServiceDown)
    assert (error.status, error.code) == (status, None)


def test_a_429_is_a_rate_limit_with_or_without_a_code() -> None:
    """Code 25, no code, no JSON at all: too many requests is too many requests."""
    page = Response(429, b"<html>slow down</html>", "text/html", "7")
    empty = Response(429, b"", "", None)
    for error in (met(429, said(25), retry_after="7"), met(429, {}, retry_after="7")):
        assert isinstance(error, RateLimited)
        assert error.retry_after_s == 7
    for response, wait_s in ((page, 7.0), (empty, None)):
        with pytest.raises(RateLimited) as caught:
            read_answer(TMDB, PLAIN, response)
        assert (caught.value.status, caught.value.retry_after_s) == (429, wait_s)


@pytest.mark.parametrize("code", [6, 34])
def test_not_found_is_the_error_of_its_call(code: int) -> None:
    """An unknown id is a gone session to a delete, a bad token to an exchange, and a plain no to any other call."""
    kinds: list[tuple[Call[Any], type[Refused]]] = [
        (tmdb.delete_session("s"), SessionNotFound),
        (tmdb.delete_v4_access_token("t"), SessionNotFound),
        (tmdb.create_session("t"), RequestTokenInvalid),
        (tmdb.validate_with_login("t", "u", "p"), RequestTokenInvalid),
        (tmdb.create_v4_access_token("t"), RequestTokenInvalid),
        (tmdb.validate_key(), Refused),
    ]
    for call, kind in kinds:
        with pytest.raises(Refused) as caught:
            read_answer(TMDB, call, Response(404, json.dumps(said(code)).encode()))
        assert type(caught.value) is kind


@pytest.mark.parametrize("code", [9, 11, 15, 24, 43, 46])
def test_trouble_may_have_created_unless_a_503_says_no(code: int) -> None:
    """Only a 503 says that nothing was done; any other trouble leaves it open, for a request that creates."""
    creating = tmdb.create_session("t")
    for status, may in ((500, True), (502, True), (504, True), (503, False)):
        with pytest.raises(NoAnswer) as caught:
            read_answer(TMDB, creating, Response(status, json.dumps(said(code)).encode()))
        assert caught.value.may_have_created is may
    error = met(500, said(code))
    assert isinstance(error, NoAnswer)
    assert not error.may_have_created


@pytest.mark.parametrize(
    ("password", "code", "told"), [("31415926", 31415926, None), ("31415926", 99, 99), ("7", 7, 7)]
)
@pytest.mark.parametrize("status", [401, 429, 502])
def test_a_code_that_is_the_password_is_not_told(password: str, code: int, told: int | None, status: int) -> None:
    """Unless it is one that TMDB documents; the words and the kind of error stay what they are."""
    request = tmdb.validate_with_login("t0k", "ada", password).request
    error = met(status, said(code), Call(request, JSON_ANSWER))
    assert isinstance(error, Refused | ServiceDown)
    assert error.code == told
    assert "Words of" in error.message
