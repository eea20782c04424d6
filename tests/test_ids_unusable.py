"""An id or token that could not be sent back is none: whoever gave it is told apart, and nothing goes astray."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Call,
    Guest,
    NotConfigured,
    Password,
    RequestTokenLogin,
    SessionManager,
    Strategy,
    Unreadable,
    V4Login,
    tmdb,
)
from tmdb_auth_async.ports import Ask
from tmdb_auth_async.zitadel import Zitadel, ZitadelLogin, get_session, set_session, terminate_session
from tmdb_auth_async.zitadel.answers import ChangedSession

from .scripted import Scripted, http

APP = BearerToken("app-token")
END = "2030-01-01 00:00:00 UTC"
TOKEN = http({"success": True, "request_token": "token", "expires_at": END})
NO_IDS = ["", ".", "..", "canary\ud800"]
NO_TOKENS = ["", " ", "canary\n", "canary\0", "canary\x1b", "canary\x7f", "canary\ud800"]


class Exchange:
    """An approval by nobody."""

    async def approve(self, ask: Ask, flow: Any, /) -> Any:
        """Exchange what was fetched."""
        return await ask(flow.exchange((await flow.fetch(ask, None)).request_token))


def _created(**fields: str) -> bytes:
    return http(json.dumps({"success": True, "expires_at": END, **fields}).encode())


IDS = ["v3", "guest", "ZITADEL, id"]
TOKENS = ["v4", "ZITADEL, token"]
LOGINS: dict[str, tuple[Strategy[Any], Callable[[str], list[bytes]]]] = {
    "v3": (
        RequestTokenLogin(Password("ada", "secret")),
        lambda text: [TOKEN, TOKEN, _created(session_id=text)],
    ),
    "v4": (V4Login(Exchange()), lambda text: [TOKEN, _created(access_token=text, account_id="1")]),
    "guest": (Guest(), lambda text: [_created(guest_session_id=text)]),
    "ZITADEL, id": (ZitadelLogin("ada"), lambda text: [_created(sessionId=text, sessionToken="token")]),
    "ZITADEL, token": (ZitadelLogin("ada"), lambda text: [_created(sessionId="1", sessionToken=text)]),
}


@pytest.mark.parametrize(("login", "text"), [*itertools.product(IDS, NO_IDS), *itertools.product(TOKENS, NO_TOKENS)])
async def test_a_session_that_cannot_be_named_is_counted_as_lost(login: str, text: str) -> None:
    """It could neither be used nor closed: it was taken, and closed by a request that closed nothing."""
    strategy, script = LOGINS[login]
    answers = script(text)
    service = Zitadel if login.startswith("ZITADEL") else TMDB.at
    async with (
        Scripted(*answers, http()) as server,
        SessionManager(APP, service=service(server.url), retries=0, close_timeout_s=1) as manager,
    ):
        with pytest.raises(Unreadable) as caught:
            async with manager.session(strategy):
                pass
        stats = manager.stats()
    assert caught.value.may_have_created
    assert (stats.opened, stats.possibly_lost) == (0, 1)
    assert len(server.arrived) == len(answers)
    assert "canary" not in repr(caught.value)


@pytest.mark.parametrize("text", [" ", "canary\n"])
async def test_a_changed_token_is_a_token(text: str) -> None:
    """An empty one means that the one before stays; what could not be sent is unreadable, and creates nothing."""
    async with (
        Scripted(http(json.dumps({"sessionToken": text}).encode()), http({"sessionToken": ""})) as server,
        SessionManager(APP, service=Zitadel(server.url), retries=0) as manager,
    ):
        with pytest.raises(Unreadable) as caught:
            await manager.ask(set_session("1"))
        assert not caught.value.may_have_created
        assert not (await manager.ask(set_session("1"))).session_token


@pytest.mark.parametrize("session_id", ["", ".", ".."])
@pytest.mark.parametrize("call", [terminate_session, get_session, set_session])
async def test_an_id_that_leads_elsewhere_is_not_sent(call: Callable[[str], Call[Any]], session_id: str) -> None:
    """`..` went to the path above, and an empty one to the list of all sessions."""
    async with Scripted() as server, SessionManager(APP, service=Zitadel(server.url)) as manager:
        with pytest.raises(NotConfigured, match="no session id: give the id"):
            await manager.ask(call(session_id))
    assert not server.arrived


async def test_an_account_that_leads_elsewhere_is_not_sent() -> None:
    """A token whose account is none is closed as any other; only the path that needs the account is refused."""
    answers = [TOKEN, _created(access_token="token", account_id=".."), http({"success": True})]
    async with (
        Scripted(*answers) as server,
        SessionManager(APP, service=TMDB.at(server.url), retries=0) as manager,
        manager.session(V4Login(Exchange())) as session,
    ):
        with pytest.raises(NotConfigured, match="no account id"):
            await session.get("/4/account/{account_id}/lists")
        await session.get("/4/list/1")
    assert [one.path for one in server.arrived][2:] == ["/4/list/1", "/4/auth/access_token"]


@pytest.mark.parametrize("text", ["é", "a b", "a/../b", "...", "%2e%2e", "a\u00a0b", "x" * 5000])
def test_any_other_is_taken(text: str) -> None:
    """A service's ids and tokens are its own business: no length or alphabet is asked for."""
    assert tmdb.CreatedSession(text).session_id == ChangedSession(text).session_token == text
    assert tmdb.CreatedSession("a\nb").session_id == "a\nb"  # it goes where it is quoted, and can be deleted
