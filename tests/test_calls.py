"""TMDB's ten calls: how each is asked, and how its answer is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from tmdb_auth_async import JSON, TMDB, Call, Response, tmdb
from tmdb_auth_async.errors import AuthError, ServiceDown, Unreadable
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.wire import target

TEXT = "2030-01-02 03:04:05 UTC"
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
TOKEN = "canary-request-token"
BEARER = "canary-access-token"
SESSION = "canary-session"
ACCOUNT = "4bc8892a017a3c0z92001001"
PASSWORD = "canary-password"


@attrs.frozen
class Row:
    """One of the ten: how it is called, asked, and answered."""

    call: Call[Any]
    method: str
    path: str
    body: JSON
    answer: dict[str, JSON]
    value: Any
    creates: bool = False

    def __str__(self) -> str:
        """Name the row."""
        return f"{self.method} {self.path}"


V3 = "/3/authentication"
ROWS = [
    Row(tmdb.validate_key(), "GET", V3, None, {"success": True}, tmdb.Acknowledged()),
    Row(
        tmdb.create_guest_session(),
        "GET",
        f"{V3}/guest_session/new",
        None,
        {"success": True, "guest_session_id": SESSION, "expires_at": TEXT},
        tmdb.CreatedGuestSession(SESSION, AT),
        creates=True,
    ),
    Row(
        tmdb.create_request_token(),
        "GET",
        f"{V3}/token/new",
        None,
        {"success": True, "expires_at": TEXT, "request_token": TOKEN},
        tmdb.RequestToken(TOKEN, AT),
    ),
    Row(
        tmdb.validate_with_login(TOKEN, "ada", PASSWORD),
        "POST",
        f"{V3}/token/validate_with_login",
        {"username": "ada", "password": PASSWORD, "request_token": TOKEN},
        {"success": True, "expires_at": TEXT, "request_token": TOKEN},
        tmdb.RequestToken(TOKEN, AT),
    ),
    Row(
        tmdb.create_session(TOKEN),
        "POST",
        f"{V3}/session/new",
        {"request_token": TOKEN},
        {"success": True, "session_id": SESSION},
        tmdb.CreatedSession(SESSION),
        creates=True,
    ),
    Row(
        tmdb.create_session_from_v4(BEARER),
        "POST",
        f"{V3}/session/convert/4",
        {"access_token": BEARER},
        {"success": True, "session_id": SESSION},
        tmdb.CreatedSession(SESSION),
        creates=True,
    ),
    Row(
        tmdb.delete_session(SESSION),
        "DELETE",
        f"{V3}/session",
        {"session_id": SESSION},
        {"success": True},
        tmdb.Acknowledged(),
    ),
    Row(
        tmdb.create_v4_request_token("https://app.example/back?x=1"),
        "POST",
        "/4/auth/request_token",
        {"redirect_to": "https://app.example/back?x=1"},
        {"success": True, "status_code": 1, "status_message": "Success.", "request_token": TOKEN},
        tmdb.V4RequestToken(TOKEN),
    ),
    Row(
        tmdb.create_v4_access_token(TOKEN),
        "POST",
        "/4/auth/access_token",
        {"request_token": TOKEN},
        {
            "success": True,
            "status_code": 1,
            "status_message": "Success.",
            "account_id": ACCOUNT,
            "access_token": BEARER,
        },
        tmdb.V4AccessToken(BEARER, ACCOUNT),
        creates=True,
    ),
    Row(
        tmdb.delete_v4_access_token(BEARER),
        "DELETE",
        "/4/auth/access_token",
        {"access_token": BEARER},
        {"success": True, "status_code": 13, "status_message": "The item/record was deleted successfully."},
        tmdb.Acknowledged(),
    ),
]
NEEDED = [
    (row, name)
    for row in ROWS
    for name in row.answer
    if name in attrs.fields_dict(type(row.value)) and name != "success"
]


def read(row: Row, body: object, *, status: int = 200) -> object:
    """Read *body* as the answer to the row's call."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_answer(TMDB, row.call, Response(status, content, "application/json;charset=utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_call_is_asked_as_tmdb_documents_it(row: Row) -> None:
    """Method, path and body are the endpoint's; no secret is in the URL or in a repr."""
    request = row.call.request
    assert (request.method, target(request), request.json) == (row.method, row.path, row.body)
    assert (request.params, request.form, request.authorization, request.creates) == (None, None, None, row.creates)
    assert "canary" not in repr(row.call)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_answer_is_read(row: Row) -> None:
    """The documented answer is the value of the documented fields."""
    assert read(row, row.answer) == row.value
    assert row.call.answer is type(row.value)
    assert "canary" not in repr(row.value)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_unknown_fields_are_ignored(row: Row) -> None:
    """What TMDB adds tomorrow is no trouble, and a missing `success` none either."""
    rest = {name: text for name, text in row.answer.items() if name not in {"success", "status_code"}}
    assert read(row, {**rest, "new": {"a": [1]}, "__class__": "x", "failure": False}) == row.value


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("status", [201, 202, 299])
def test_any_status_of_success_is_one(row: Row, status: int) -> None:
    """A 201 where TMDB documents a 200 is an answer."""
    assert read(row, row.answer, status=status) == row.value


@pytest.mark.parametrize(("row", "name"), NEEDED, ids=str)
def test_a_missing_field_is_unreadable(row: Row, name: str) -> None:
    """An answer without what it must hold is none, and says what was wanted."""
    with pytest.raises(Unreadable) as caught:
        read(row, {key: text for key, text in row.answer.items() if key != name})
    assert caught.value.may_have_created is row.creates
    assert row.call.answer.__name__ in str(caught.value)


@pytest.mark.parametrize(("row", "name"), NEEDED, ids=str)
@pytest.mark.parametrize("wrong", [None, 5, 5.5, True, [], {}, ["canary"], {"id": "canary"}, "\ud800"], ids=repr)
def test_a_field_of_the_wrong_type_is_unreadable(row: Row, name: str, wrong: JSON) -> None:
    """A number, a null or an impossible text where a secret or a time must be: no answer, and nothing shown."""
    with pytest.raises(Unreadable) as caught:
        read(row, {**row.answer, name: wrong})
    assert caught.value.may_have_created is row.creates
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(("row", "name"), [(row, name) for row, name in NEEDED if name != "account_id"], ids=str)
def test_an_empty_field_is_unreadable(row: Row, name: str) -> None:
    """An id or token of no length signs nothing and closes nothing: it is as good as missing."""
    with pytest.raises(Unreadable):
        read(row, {**row.answer, name: ""})


@pytest.mark.parametrize(
    "time",
    [
        "2030-01-02 03:04:05",
        "2030-01-02T03:04:05Z",
        "2030-01-02 03:04:05 CET",
        "2030-13-02 03:04:05 UTC",
        "2030-01-02 25:04:05 UTC",
        "2030-1-2 3:4:5 UTC",
        "tomorrow, 12:00:00 am UTC",
        "2030-01-02 03:04:05+00 UTC",
    ],
)
def test_a_time_that_is_none_is_unreadable(time: str) -> None:
    """A time in another form than TMDB's is not guessed at."""
    for row in ROWS[1:3]:
        with pytest.raises(Unreadable):
            read(row, {**row.answer, "expires_at": time})


def test_times_are_aware_and_utc() -> None:
    """`expires_at` can be compared with `datetime.now(UTC)`."""
    for row in ROWS[1:4]:
        at = getattr(read(row, row.answer), "expires_at", None)
        assert isinstance(at, datetime)
        assert at.tzinfo is UTC
        assert at == AT


NO_ANSWERS: dict[str, bytes] = {
    "empty": b"",
    "spaces": b" \r\n",
    "text": b"OK",
    "half": b'{"success": true, "session_id": "canary',
    "two": b'{"success": true}{"success": true}',
    "bad utf-8": b'{"success": true, "session_id": "\xff\xfecanary"}',
    "utf-16": '{"success": true, "session_id": "canary"}'.encode("utf-16"),
    "bom": b'\xef\xbb\xbf{"success": true}',
    "nan": b'{"success": true, "expires_at": NaN}',
    "infinity": b'{"success": true, "expires_at": -Infinity}',
    "brackets": b"[" * 100_000,
    "braces": b'{"a":' * 100_000,
    "closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "digits": b'{"success": true, "status_code": ' + b"9" * 5000 + b"}",
    "nul": b"\x00",
    "javascript": b"callback({})",
}


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_json_is_unreadable(row: Row, body: bytes) -> None:
    """Garbage of every kind is no answer, in bounded time, and shows nothing."""
    with pytest.raises(Unreadable) as caught:
        read(row, body)
    assert caught.value.may_have_created is row.creates
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("body", [[], ["success"], "success", 5, 5.5, True, None, [{"success": True}]], ids=repr)
def test_json_that_is_no_object_is_unreadable(row: Row, body: JSON) -> None:
    """A list or a text is not taken for an object whose fields are left out, not even for a plain yes."""
    with pytest.raises(Unreadable):
        read(row, body)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("status", [200, 403, 404, 500, 502])
@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml"]
)
def test_html_is_a_gateway_in_trouble(row: Row, status: int, content_type: str) -> None:
    """A page where JSON should be, under any status, is no answer of TMDB's own."""
    with pytest.raises(ServiceDown) as caught:
        read_answer(TMDB, row.call, Response(status, b"<html>canary</html>", content_type))
    assert (caught.value.status, caught.value.code) == (status, None)
    assert caught.value.may_have_created is row.creates
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"success": true}', b"<html></html>"])
def test_a_redirect_is_no_answer(row: Row, status: int, body: bytes) -> None:
    """A redirect is not followed, whatever it says: the error tells to check the URL."""
    for content_type in ("application/json", "text/html", ""):
        with pytest.raises(AuthError, match="redirect") as caught:
            read_answer(TMDB, row.call, Response(status, body, content_type))
        assert type(caught.value) is Unreadable


def test_json_under_another_content_type_is_read() -> None:
    """What decodes is what counts, not what it is called."""
    for content_type in ("", "text/plain", "text/html"):
        response = Response(200, b'{"success": true}', content_type)
        assert read_answer(TMDB, tmdb.validate_key(), response) == tmdb.Acknowledged()


def test_a_v4_request_token_needs_no_redirect() -> None:
    """Without a page to return to, the body says nothing of one."""
    assert tmdb.create_v4_request_token().request.json == {}


def test_answers_are_values() -> None:
    """An answer does not change under its reader's hands."""
    for row in ROWS:
        field = next(iter(attrs.fields_dict(type(row.value))))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(row.value, field, "other")
