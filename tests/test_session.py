"""The session a caller holds: what it signs with, what it fills in, and what it says when it is closed."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tmdb_auth_async import (
    JSON,
    TMDB,
    ApiKey,
    AppCredential,
    Ask,
    BearerToken,
    Guest,
    NotConfigured,
    PermissionDenied,
    Refused,
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
from .showing import shown

TOKEN = "canary-app-token"
SESSION = "canary0session0id0f1e2d3c4b5a69788"
USER = "canary-user-token"
ACCOUNT = "4bc8892a017a3c0z92001001"
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
YES = http({"success": True})


class Opened:
    """A strategy whose session is open already."""

    def __init__(self, value: SessionValue) -> None:
        """Hand out *value*."""
        self.value = value

    async def open(self, ask: Ask, /) -> SessionValue:
        """Hand it out."""
        del ask
        return self.value

    async def close(self, ask: Ask, session: SessionValue, /) -> None:
        """Close nothing."""


V3 = tmdb.UserSession(SESSION)
V4 = tmdb.AccessTokenSession(USER, ACCOUNT)
BOTH = tmdb.ConvertedSession(SESSION, USER, ACCOUNT, V4)
GUEST = tmdb.GuestSession(SESSION, AT)


async def used(
    value: SessionValue, method: str, path: str, *, app: AppCredential | None = None, **more: Any
) -> tuple[str, Mapping[str, str]]:
    """Send one request by a session of *value*; return its target and headers."""
    async with (
        Scripted(YES) as server,
        SessionManager(app or BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(value)) as session,
    ):
        assert await session.request(method, path, **more) == {"success": True}
        assert server.arrived[0].method == method.upper()
        return server.arrived[0].target, server.arrived[0].headers


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


@pytest.mark.parametrize(
    ("value", "path", "target"),
    [
        (V3, "/3/x/{session_id}", f"/3/x/{SESSION}?session_id={SESSION}"),
        (GUEST, "/3/guest_session/{guest_session_id}/rated/movies", f"/3/guest_session/{SESSION}/rated/movies"),
        (V4, "/4/account/{account_id}/lists", f"/4/account/{ACCOUNT}/lists"),
        (BOTH, "/4/account/{account_id}/lists", f"/4/account/{ACCOUNT}/lists"),
        (BOTH, "/3/{session_id}/{account_id}", f"/3/{SESSION}/{ACCOUNT}?session_id={SESSION}"),
        (V4, "/4/{account_id}/{account_id}", f"/4/{ACCOUNT}/{ACCOUNT}"),
        (
            tmdb.UserSession("a/b?{session_id}"),
            "/3/{session_id}",
            "/3/a%2Fb%3F%7Bsession_id%7D?session_id=a%2Fb%3F%7Bsession_id%7D",
        ),
    ],
)
async def test_ids_are_filled_in(value: SessionValue, path: str, target: str) -> None:
    """A placeholder stands for the session's own id, wherever it is; nothing else of the path changes."""
    sent, _ = await used(value, "GET", path)
    assert sent == target


@pytest.mark.parametrize(
    ("value", "path", "known"),
    [
        (V3, "/3/{account_id}", "{session_id}"),
        (V3, "/3/{guest_session_id}", "{session_id}"),
        (V3, "/3/{movie_id}", "{session_id}"),
        (V3, "/3/{session_id}/{movie_id}", "{session_id}"),
        (V3, "/3/{", "{session_id}"),
        (V3, "/3/{}", "{session_id}"),
        (GUEST, "/3/{session_id}", "{guest_session_id}"),
        (BearerToken(USER), "/4/account/{account_id}/lists", "none"),
    ],
)
async def test_an_id_that_the_session_has_not_is_refused(value: SessionValue, path: str, known: str) -> None:
    """The error names what the session does fill in; nothing is sent."""
    async with (
        Scripted() as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(value)) as session,
    ):
        with pytest.raises(NotConfigured, match=re.escape(known)) as caught:
            await session.get(path)
        assert not server.arrived
    assert "canary" not in shown(caught.value)


async def test_a_manager_fills_in_nothing() -> None:
    """Only a session has ids: a placeholder in a request of the app's is refused."""
    async with Scripted() as server, SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager:
        with pytest.raises(NotConfigured, match="session"):
            await manager.get("/4/account/{account_id}/lists")
        assert not server.arrived


@pytest.mark.parametrize(
    ("value", "path", "told"),
    [
        (V3, f"/3/x/{SESSION}/y", "/3/x/{session_id}/y"),
        (GUEST, f"/3/guest_session/{SESSION}/rated/movies", "/3/guest_session/{guest_session_id}/rated/movies"),
        (V4, f"/4/account/{ACCOUNT}/lists", "/4/account/{account_id}/lists"),
        (BOTH, f"/4/account/{ACCOUNT}/lists", "/4/account/{account_id}/lists"),
        (V3, "/3/x/{session_id}", "/3/x/{session_id}"),
        (V3, "/3/x/5509daa5f22f7e6365df8527fcb83ea6", "/3/x/…"),
    ],
)
async def test_a_literal_id_is_not_told(
    caplog: pytest.LogCaptureFixture, value: SessionValue, path: str, told: str
) -> None:
    """An id written into a path by hand is sent, and neither logged nor quoted in an error."""
    caplog.set_level(logging.DEBUG)
    sent = path.replace("{session_id}", SESSION)
    words = f"No such thing as {sent.split('/')[3]}."
    async with (
        Scripted(http({"success": False, "status_code": 34, "status_message": words}, status=404)) as server,
        SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url)) as manager,
        manager.session(Opened(value)) as session,
    ):
        with pytest.raises(Refused) as caught:
            await session.get(path)
        assert server.arrived[0].path == sent
    assert f"GET {told}: " in str(caught.value)
    assert f"GET {told} answered 404" in caplog.text
    for secret in (SESSION, USER, ACCOUNT, "5509daa5"):
        assert secret not in shown(caught.value)
        assert secret not in caplog.text


async def test_short_ids_change_no_other_path() -> None:
    """An id that happens to be part of another segment stays out of it."""
    target, _ = await used(tmdb.GuestSession("5", AT), "GET", "/3/movie/155/rating")
    assert target == "/3/movie/155/rating?guest_session_id=5"


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
