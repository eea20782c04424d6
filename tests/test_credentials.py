"""App credentials: refused in words before anything is sent, put where they belong, shown nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tmdb_auth_async import TMDB, ApiKey, AppCredential, BearerToken, NotConfigured, Request, SessionManager, tmdb
from tmdb_auth_async.errors import PermissionDenied

from .scripted import Scripted, http
from .showing import shown

V3_KEY = "0123456789abcdef0123456789ABCDEF"
READ_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiIwMTIzIn0.c2lnbmF0dXJl"
DAY = "2030-01-02 03:04:05 UTC"


@pytest.mark.parametrize(
    ("make", "text", "words"),
    [
        (BearerToken, "", "empty"),
        (BearerToken, "   ", "empty"),
        (BearerToken, "\n", "empty"),
        (BearerToken, None, "empty"),
        (BearerToken, 5, "must be a text, not a int"),
        (BearerToken, b"token", "must be a text, not a bytes"),
        (BearerToken, f" {READ_TOKEN}", "strip"),
        (BearerToken, f"{READ_TOKEN}\n", "strip"),
        (BearerToken, "to ken", "strip"),
        (BearerToken, "Bearer token", "strip"),
        (BearerToken, "tok\r\nX-Evil: 1", "strip"),
        (BearerToken, "tök", "strip"),
        (BearerToken, "tok\x00", "strip"),
        (BearerToken, V3_KEY, "ApiKey"),
        (ApiKey, "", "empty"),
        (ApiKey, " \t", "empty"),
        (ApiKey, None, "empty"),
        (ApiKey, 5, "must be a text, not a int"),
        (ApiKey, f"{V3_KEY} ", "strip"),
        (ApiKey, "ke y", "strip"),
        (ApiKey, "key\n", "strip"),
        (ApiKey, READ_TOKEN, "BearerToken"),
    ],
)
def test_a_bad_credential_is_refused_in_words(make: type[BearerToken | ApiKey], text: Any, words: str) -> None:
    """Empty, with spaces, or one in place of the other: the text says which, and does not show it."""
    with pytest.raises(NotConfigured, match=words) as caught:
        make(text)
    if isinstance(text, str) and len(text.strip()) > 3:
        assert text.strip() not in shown(caught.value)


@pytest.mark.parametrize(
    ("make", "variable", "good"),
    [(BearerToken, "TMDB_READ_ACCESS_TOKEN", READ_TOKEN), (ApiKey, "TMDB_API_KEY", V3_KEY)],
)
def test_the_environment_is_read(
    monkeypatch: pytest.MonkeyPatch, make: type[BearerToken | ApiKey], variable: str, good: str
) -> None:
    """What is missing or empty is named; the line break of a shell's file does no harm."""
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(NotConfigured, match=variable):
        make.from_env()
    for text in ("", "  ", "\n"):
        monkeypatch.setenv(variable, text)
        with pytest.raises(NotConfigured, match=variable):
            make.from_env()
    for text in (good, f"{good}\n", f" {good} "):
        monkeypatch.setenv(variable, text)
        assert make.from_env() == make(good)


def test_the_environment_is_checked_like_any_other_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the token's variable, and the other way round, is refused in the same words."""
    monkeypatch.setenv("TMDB_READ_ACCESS_TOKEN", V3_KEY)
    with pytest.raises(NotConfigured, match="ApiKey"):
        BearerToken.from_env()
    monkeypatch.setenv("TMDB_API_KEY", READ_TOKEN)
    with pytest.raises(NotConfigured, match="BearerToken"):
        ApiKey.from_env()


def test_a_token_signs_by_a_header() -> None:
    """It is a bearer, and the URL holds nothing of it."""
    signed = BearerToken(READ_TOKEN).sign(Request("GET", "/3/x", params={"a": 1}))
    assert signed == Request("GET", "/3/x", params={"a": 1}, authorization=f"Bearer {READ_TOKEN}")


def test_a_key_signs_by_the_query() -> None:
    """It is the parameter `api_key`, beside those that are there."""
    signed = ApiKey(V3_KEY).sign(Request("GET", "/3/x", params={"a": 1}))
    assert signed == Request("GET", "/3/x", params={"a": 1, "api_key": V3_KEY})


async def test_a_key_is_not_sent_where_it_does_not_serve() -> None:
    """v4 takes a bearer only: `NotConfigured` before anything is sent, and the path's id does not show."""
    async with (
        Scripted() as server,
        SessionManager(ApiKey(V3_KEY), service=TMDB.at(server.url)) as manager,
    ):
        for ask in (
            manager.ask(tmdb.create_v4_request_token()),
            manager.ask(tmdb.create_v4_access_token("canary")),
            manager.ask(tmdb.delete_v4_access_token("canary")),
            manager.get("/4/account/4bc8892a017a3c0z92001001/lists"),
        ):
            with pytest.raises(NotConfigured, match="BearerToken") as caught:
                await ask
            assert "4bc8892a" not in shown(caught.value)
            assert "canary" not in shown(caught.value)
        assert not server.arrived


async def test_what_is_no_credential_is_refused() -> None:
    """A bare text, or nothing, is not guessed at."""
    for app in (READ_TOKEN, None, object(), Request("GET", "/")):
        with pytest.raises(NotConfigured) as caught:
            SessionManager(app)  # type: ignore[arg-type]  # that is the point
        assert READ_TOKEN not in shown(caught.value)


class Stamp:
    """A stranger's credential."""

    def sign(self, request: Request, /) -> Request:
        """Stamp the request."""
        return request.with_param("stamp", "1")


class Writes:
    """A stranger's credential that no type checker has seen: it writes into the request it is given."""

    def __init__(self) -> None:
        """Begin with the first."""
        self.number = 0

    def sign(self, request: Any, /) -> Request:
        """Send another token each time."""
        self.number += 1
        assert request.authorization is None
        request.authorization = f"Bearer {self.number}"
        signed: Request = request
        return signed


async def test_what_a_stranger_writes_into_a_request_reaches_no_other() -> None:
    """Who asks the same again may share the request: what signs gets one of its own."""
    async with Scripted() as server, SessionManager(Writes(), service=TMDB.at(server.url)) as manager:
        for _ in range(3):
            await manager.get("/3/account")
        await manager.ask(tmdb.validate_key())
        await manager.ask(tmdb.validate_key())
    assert [one.headers["authorization"] for one in server.arrived] == [f"Bearer {number}" for number in range(1, 6)]


async def test_a_strangers_credential_signs() -> None:
    """Whatever has `sign` serves, with no base class and no registration."""
    app: AppCredential = Stamp()
    async with Scripted() as server, SessionManager(app, service=TMDB.at(server.url)) as manager:
        await manager.get("/3/x")
    assert server.arrived[0].target == "/3/x?stamp=1"


async def test_a_token_is_a_strategy_that_opens_and_closes_nothing() -> None:
    """A user's own access token is a session from the start, and stays the program's."""
    async with (
        Scripted() as server,
        SessionManager(ApiKey(V3_KEY), service=TMDB.at(server.url)) as manager,
        manager.session(BearerToken("user-token")) as session,
    ):
        assert (session.id, session.access_token, session.account_id, session.expires_at) == (
            None,
            "user-token",
            None,
            None,
        )
        await session.get("/4/account/1/lists")
    assert [arrived.headers["authorization"] for arrived in server.arrived] == ["Bearer user-token"]
    assert server.arrived[0].target == "/4/account/1/lists"


async def test_a_read_token_is_no_user_token() -> None:
    """TMDB refuses to convert it; the error is its code's."""
    refusal = http({"success": False, "failure": True, "status_code": 36, "status_message": "No."}, status=401)
    async with Scripted(refusal) as server, SessionManager(BearerToken("t"), service=TMDB.at(server.url)) as manager:
        with pytest.raises(PermissionDenied):
            await manager.ask(tmdb.create_session_from_v4("t"))
