"""What ZITADEL notes beside an answer is good to know and no more: no session is lost for it, or stays open."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import Unreadable
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ZitadelLogin, create_session, get_session, search_sessions

from .zitadel_asking import create, managed

SESSION = "/v2/sessions/{session_id}"
LOGIN = ZitadelLogin("ada", password="secret", lifetime_s=600)

UNREADABLE: list[object] = [
    None,
    {"creationDate": ""},
    {"creationDate": "2026-11-22T10:00:00"},
    {"creationDate": 5, "sequence": "many"},
    [],
    "created",
]


@pytest.mark.parametrize("details", UNREADABLE)
async def test_a_session_with_unreadable_details_is_used_and_deleted(
    fake_zitadel: FakeZitadel, details: object
) -> None:
    """Its id and token are there; it expires a lifetime after the answer came."""
    session_id, token = await create(fake_zitadel)
    body = json.dumps({"sessionId": session_id, "sessionToken": token, "details": details}).encode()
    fake_zitadel.fail(status=201, path="/v2/sessions", body=body)
    async with managed(fake_zitadel) as manager:
        before = datetime.now(UTC)
        async with manager.session(LOGIN) as session:
            assert session.id == session_id
            assert session.expires_at is not None
            assert before <= session.expires_at - timedelta(seconds=600) <= datetime.now(UTC)
        assert manager.stats().possibly_lost == manager.stats().open_now == 0
    assert not fake_zitadel.sessions


@pytest.mark.parametrize("body", [{}, {"sessionId": "5"}, {"sessionToken": "t"}, {"sessionId": None}])
async def test_a_session_without_id_or_token_is_possibly_lost(fake_zitadel: FakeZitadel, body: object) -> None:
    """Those cannot be done without."""
    fake_zitadel.fail(status=201, path="/v2/sessions", body=json.dumps(body).encode())
    async with managed(fake_zitadel) as manager:
        with pytest.raises(Unreadable):
            await manager.ask(create_session())
        assert manager.stats().possibly_lost == 1


@pytest.mark.parametrize(
    ("status", "body"), [(200, b""), (202, b""), (204, b""), (200, b"null"), (200, b'{"details": {"changeDate": ""}}')]
)
async def test_a_termination_that_is_answered_by_next_to_nothing_is_done(
    fake_zitadel: FakeZitadel, status: int, body: bytes
) -> None:
    """The status says so: it is not asked again, and counts as closed."""
    fake_zitadel.add_user("ada", "secret")
    async with managed(fake_zitadel) as manager:
        async with manager.session(LOGIN):
            fake_zitadel.fail(status=status, path=SESSION, method="DELETE", body=body, times=None)
        assert manager.stats().open_now == 0
    assert [one.status for one in fake_zitadel.requests if one.method == "DELETE"] == [status]


@pytest.mark.parametrize("kind", ["html", "garbage", "truncated"])
async def test_a_termination_that_is_answered_by_something_else_is_asked_again(
    fake_zitadel: FakeZitadel, kind: Any
) -> None:
    """Whoever has said that, it need not have been ZITADEL."""
    fake_zitadel.add_user("ada", "secret")
    async with managed(fake_zitadel) as manager:
        async with manager.session(LOGIN):
            fake_zitadel.fail(kind, path=SESSION, method="DELETE")
        assert manager.stats().open_now == 0
    assert sum(one.method == "DELETE" for one in fake_zitadel.requests) == 2
    assert not fake_zitadel.sessions


async def test_null_is_what_is_left_out(fake_zitadel: FakeZitadel) -> None:
    """It is how protobuf's JSON may write a default."""
    info = {"id": "1", "factors": None, "metadata": None, "sequence": None, "userAgent": {"ip": None}}
    async with managed(fake_zitadel) as manager:
        fake_zitadel.fail(status=200, path=SESSION, body=json.dumps({"session": info}).encode())
        read = await manager.ask(get_session("1"))
        assert (read.factors.user, dict(read.metadata), read.sequence) == (None, {}, None)
        assert read.user_agent is not None
        fake_zitadel.fail(status=200, path="/v2/sessions/search", body=b'{"sessions": null}')
        assert await manager.ask(search_sessions()) == ()
