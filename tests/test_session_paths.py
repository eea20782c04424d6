"""Ids in paths: filled in by the session, and told to nobody."""

from __future__ import annotations

import logging
import re

import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    NotConfigured,
    Refused,
    SessionManager,
    tmdb,
)
from tmdb_auth_async.values import SessionValue

from .scripted import Scripted, http
from .session_kit import ACCOUNT, AT, BOTH, GUEST, SESSION, TOKEN, USER, V3, V4, Opened, used
from .showing import shown


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
