"""TMDB's ten calls: how each is asked, and how its answer is read."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from tmdb_auth_async import TMDB, Response, tmdb
from tmdb_auth_async.service import read_answer
from tmdb_auth_async.wire import target

from .calls_kit import AT, ROWS, Row, read


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_call_is_asked_as_tmdb_documents_it(row: Row) -> None:
    """Method, path and body are the endpoint's; no secret is in the URL or in a repr."""
    request = row.call.request
    assert (request.method, target(request.path, request.fills, request.params), request.json) == (
        row.method,
        row.path,
        row.body,
    )
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


def test_times_are_aware_and_utc() -> None:
    """`expires_at` can be compared with `datetime.now(UTC)`."""
    for row in ROWS[1:4]:
        at = getattr(read(row, row.answer), "expires_at", None)
        assert isinstance(at, datetime)
        assert at.tzinfo is UTC
        assert at == AT


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
