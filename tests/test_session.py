"""The session a caller holds: what it signs with, what it tells, and what it says when it is closed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tmdb_auth_async import (
    JSON,
    TMDB,
    ApiKey,
    BearerToken,
    Guest,
    PermissionDenied,
    Session,
    SessionClosed,
    SessionManager,
    Strategy,
    Unreadable,
    V4Conversion,
    tmdb,
)
from tmdb_auth_async.values import SessionValue

from .scripted import Scripted, http
from .session_kit import ACCOUNT, AT, BOTH, GUEST, SESSION, TOKEN, USER, V3, V4, YES, Opened, used


@pytest.mark.parametrize(
    ("value", "path", "target", "bearer"),
    [
        (V3, "/3/account", f"/3/account?session_id={SESSION}", TOKEN),
        (GUEST, "/3/movie/5/rating", f"/3/movie/5/rating?guest_session_id={SESSION}", TOKEN),
        (V4, "/4/list/1", "/4/list/1", USER),
        (V4, "/3/account", "/3/account", USER),
        (BOTH, "/3/account", f"/3/account?session_id={SESSION}", TOKEN),
        (BOTH, "/4/list/1", "/4/list/1", USER),
        (BearerToken(USER), "/4/list/1", "/4/list/1", USER),
    ],
)
async def test_a_request_carries_what_its_path_takes(value: SessionValue, path: str, target: str, bearer: str) -> None:
    """v3 requests carry the v3 session and the app's bearer, v4 requests the user's own token."""
    sent, headers = await used(value, "GET", path)
    assert (sent, headers["authorization"]) == (target, f"Bearer {bearer}")


async def test_an_api_key_stands_beside_the_session() -> None:
    """Under an `ApiKey` both go into the query, and a v4 request of the user's own needs no key."""
    target, headers = await used(V3, "GET", "/3/account", app=ApiKey("canary-key"))
    assert target == f"/3/account?session_id={SESSION}&api_key=canary-key"
    assert "authorization" not in headers
    target, headers = await used(BOTH, "GET", "/4/list/1", app=ApiKey("canary-key"))
    assert (target, headers["authorization"]) == ("/4/list/1", f"Bearer {USER}")


@pytest.mark.parametrize("method", ["get", "delete", "post", "put"])
async def test_the_verbs_send_their_method(method: str) -> None:
    """Query and body go along where the verb has them, for a manager and a session alike."""
    more: dict[str, JSON] = {} if method == "get" else {"json": {"value": 8}}
    async with (
        Scripted(YES) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(V3)) as session,
    ):
        for one in (manager, session):
            assert await getattr(one, method)("/3/x", params={"page": 2, "none": None}, **more) == {"success": True}
        for arrived in server.arrived:
            assert arrived.method == method.upper()
            assert "page=2" in arrived.target
            assert "none" not in arrived.target
            assert arrived.body == (b"" if method == "get" else b'{"value":8}')


async def test_any_method_may_be_sent() -> None:
    """`request` takes the method as it is written, in either case."""
    assert (await used(V3, "patch", "/3/x", json=[1]))[0] == f"/3/x?session_id={SESSION}"


@pytest.mark.parametrize("body", [{"a": [1, None, "é"]}, [], [1.5], "text", 5, True, None])
async def test_the_answer_is_the_json_it_is(body: JSON) -> None:
    """Whatever JSON the service gives is what the caller gets."""
    async with (
        Scripted(http(body)) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
    ):
        assert await manager.get("/3/x") == body


async def test_a_caller_may_ask_for_more_than_usual() -> None:
    """An answer of more than 1 MiB is `Unreadable`, unless `request` says how much is fine."""
    body = {"text": "x" * 1_100_000}
    async with (
        Scripted(http(body)) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(V3)) as session,
    ):
        for one in (manager, session):
            with pytest.raises(Unreadable, match="max_bytes"):
                await one.request("GET", "/3/x")
            assert await one.request("GET", "/3/x", max_bytes=2_000_000) == body


async def test_a_session_asks_calls_as_itself() -> None:
    """A typed call is signed by the session, and answered by its own type."""
    async with (
        Scripted(YES) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(V4)) as session,
    ):
        assert await session.ask(tmdb.validate_key()) == tmdb.Acknowledged()
        assert server.arrived[0].headers["authorization"] == f"Bearer {USER}"


@pytest.mark.parametrize(
    ("value", "has"),
    [
        (V3, (SESSION, None, None, None)),
        (GUEST, (SESSION, None, None, AT)),
        (V4, (None, USER, ACCOUNT, None)),
        (BOTH, (SESSION, USER, ACCOUNT, None)),
        (BearerToken(USER), (None, USER, None, None)),
    ],
)
async def test_a_session_tells_what_it_has(value: SessionValue, has: tuple[object, ...]) -> None:
    """Id, access token, account and end are there or `None`; a repr shows none of them."""
    async with (
        Scripted(YES) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(value)) as session,
    ):
        assert (session.id, session.access_token, session.account_id, session.expires_at) == has
        assert repr(session) == f"<Session {type(value).__name__} open>"
    assert repr(session) == f"<Session {type(value).__name__} closed>"


async def test_a_closed_session_is_refused_in_words() -> None:
    """Every use of it is `SessionClosed`, and nothing is sent."""
    async with Scripted(YES) as server, SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager:
        async with manager.session(Opened(V3)) as session:
            pass
        assert session.closed
        for use in (
            session.get("/3/account"),
            session.post("/3/x", json={}),
            session.put("/3/x"),
            session.delete("/3/x"),
            session.request("GET", "/3/x"),
            session.ask(tmdb.validate_key()),
        ):
            with pytest.raises(SessionClosed, match="closed"):
                await use
        await session.close()
        assert not server.arrived


async def test_a_refusal_of_a_scoped_session_opens_none_anew() -> None:
    """A scoped session that the service no longer honours is refused, once, with the code's error."""
    refusal = http({"success": False, "status_code": 3, "status_message": "No."}, status=401)
    async with (
        Scripted(refusal) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(V3)) as session,
    ):
        with pytest.raises(PermissionDenied):
            await session.get("/3/account")
        assert len(server.arrived) == 1


@pytest.mark.parametrize("strategy", [Guest(), V4Conversion(BearerToken(USER))], ids=["guest", "conversion"])
async def test_what_a_strategy_made_is_used(strategy: Strategy[Any]) -> None:
    """The id in the service's answer is the one that signs, and the one that is deleted where there is a delete."""
    made = {
        "success": True,
        "session_id": SESSION,
        "guest_session_id": SESSION,
        "expires_at": "2030-01-02 03:04:05 UTC",
    }
    async with (
        Scripted(http(made), YES) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
    ):
        async with manager.session(strategy) as session:
            assert session.id == SESSION
            await session.get("/3/x")
        used, *rest = server.arrived[1:]
        assert f"session_id={SESSION}" in used.target
        if isinstance(strategy, Guest):
            assert rest == []
        else:
            assert [(one.method, one.json()) for one in rest] == [("DELETE", {"session_id": SESSION})]


async def test_a_session_is_made_by_its_manager() -> None:
    """A session takes no attribute that it does not have: a typo is not swallowed."""
    async with (
        Scripted(YES) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(V3)) as session,
    ):
        assert isinstance(session, Session)
        with pytest.raises(AttributeError):
            session.acount_id = "x"  # type: ignore[attr-defined]  # that is the point
        await asyncio.sleep(0)
