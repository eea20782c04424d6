"""What each question is answered by, as type checkers see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import assert_type

from tmdb_auth_async import (
    JSON,
    ApiKey,
    BearerToken,
    Guest,
    Password,
    RateLimited,
    Refused,
    RequestTokenLogin,
    Session,
    SessionManager,
    Stats,
    V4Conversion,
    tmdb,
)


async def calls(manager: SessionManager, session: Session) -> None:
    """Every call has the type of its answer, whoever asks."""
    token = await manager.ask(tmdb.create_request_token())
    assert_type(token, tmdb.RequestToken)
    assert_type(token.request_token, str)
    assert_type(token.expires_at, datetime)
    assert_type(await manager.ask(tmdb.validate_key()), tmdb.Acknowledged)
    assert_type(await manager.ask(tmdb.create_guest_session()), tmdb.CreatedGuestSession)
    assert_type(await manager.ask(tmdb.validate_with_login("t", "u", "p")), tmdb.RequestToken)
    assert_type(await manager.ask(tmdb.create_session("t")), tmdb.CreatedSession)
    assert_type(await manager.ask(tmdb.create_session_from_v4("t")), tmdb.CreatedSession)
    assert_type(await manager.ask(tmdb.delete_session("s")), tmdb.Acknowledged)
    assert_type(await manager.ask(tmdb.create_v4_request_token()), tmdb.V4RequestToken)
    made = await session.ask(tmdb.create_v4_access_token("t"))
    assert_type(made, tmdb.V4AccessToken)
    assert_type((made.access_token, made.account_id), tuple[str, str])
    assert_type(await session.ask(tmdb.delete_v4_access_token("t")), tmdb.Acknowledged)


async def requests(manager: SessionManager, session: Session) -> None:
    """Plain requests are answered by JSON."""
    assert_type(await manager.get("/3/configuration"), JSON)
    assert_type(await session.post("/3/movie/5/rating", json={"value": 8.5}, params={"page": 1, "x": None}), JSON)
    account = await session.get("/3/account")
    if isinstance(account, Mapping):
        number: JSON = account["id"]
        del number


async def sessions() -> None:
    """A scope gives a session, whatever opened it."""
    async with SessionManager(BearerToken("t")) as manager:
        assert_type(manager, SessionManager)
        async with manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada:
            assert_type(ada, Session)
            assert_type((ada.id, ada.access_token, ada.account_id), tuple[str | None, str | None, str | None])
            assert_type(ada.expires_at, datetime | None)
            assert_type(ada.closed, bool)
        async with manager.session(Guest(), wait_closed=False) as guest:
            assert_type(guest, Session)
        async with manager.session(V4Conversion(BearerToken("user"))) as both:
            assert_type(both, Session)
        assert_type(manager.stats(), Stats)
        assert_type(await manager.recover(), int)
        kept = await manager.login(RequestTokenLogin(Password("ada", "secret")), name="ada")
        assert_type(kept, Session)
        assert_type(await manager.resume("ada"), Session)
        await manager.logout("ada")
    manager = SessionManager(ApiKey("key"), timeout_s=5, retries=0, max_rate=40)
    await manager.aclose()


def errors(error: Refused) -> tuple[int | None, int | str | None, str, float | None]:
    """What an error tells has a type."""
    wait_s = error.retry_after_s if isinstance(error, RateLimited) else None
    return error.status, error.code, error.message, wait_s


def credentials() -> Callable[[], BearerToken | ApiKey]:
    """What reads the environment gives its own class."""
    assert_type(BearerToken.from_env(), BearerToken)
    assert_type(ApiKey.from_env(), ApiKey)
    return BearerToken.from_env
