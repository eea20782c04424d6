"""What is no answer to any of TMDB's ten calls is never taken for one."""

from __future__ import annotations

import pytest

from tmdb_auth_async import JSON, TMDB, Response
from tmdb_auth_async.errors import AuthError, ServiceDown, Unreadable
from tmdb_auth_async.service import read_answer

from .calls_kit import NEEDED, ROWS, Row, read


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
