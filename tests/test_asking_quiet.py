"""Asking tells nobody what was sent: neither by an error nor by a log."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tmdb_auth_async import (
    ApiKey,
    AppCredential,
    BearerToken,
    Refused,
    ServiceDown,
    tmdb,
)

from .asking_kit import (
    BROKEN,
    FRESH,
    GONE,
    KEY,
    MADE,
    SECRET,
    SLOWER,
    TOKEN,
    YES,
    managed,
)
from .scripted import Act, Scripted, Step, http
from .showing import shown

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.mark.parametrize("status", [200, 401, 500])
@pytest.mark.parametrize(("app", "secret"), [(BearerToken(TOKEN), TOKEN), (ApiKey(KEY), KEY)], ids=["token", "key"])
async def test_the_credential_is_struck_from_what_is_quoted(status: int, app: AppCredential, secret: str) -> None:
    """A service that echoes what it was sent, under whatever status, shows it to nobody."""
    words = f"{secret} is not it; {SECRET} neither"
    echo = http({"success": False, "status_code": 47, "status_message": words}, status=status)
    async with Scripted(echo) as server, managed(server, app=app) as manager:
        with pytest.raises((Refused, ServiceDown)) as caught:
            await manager.ask(tmdb.delete_session(SECRET))
    assert "••• is not it; ••• neither" in caught.value.message
    assert secret not in shown(caught.value)
    assert SECRET not in shown(caught.value)


async def test_logs_name_methods_and_paths_only(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, with asyncio's own debug mode, nothing of what is sent or answered shows."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(enabled=True)
    script: list[Step] = [FRESH, FRESH, MADE, BROKEN, GONE, SLOWER, Act.RESET, YES]
    async with Scripted(*script) as server, managed(server) as manager:
        await manager.ask(tmdb.create_request_token())
        await manager.ask(tmdb.validate_with_login(SECRET, SECRET, SECRET))
        await manager.ask(tmdb.create_session(SECRET))
        await manager.ask(tmdb.delete_session(SECRET))
        await manager.get("/3/account", params={"session_id": SECRET})
        await manager.get("/3/guest_session/5509daa5f22f7e6365df8527fcb83ea6/rated/movies")
    text = "\n".join(record.getMessage() + str(record.args) + str(record.exc_info) for record in caplog.records)
    assert "GET /3/authentication/token/new answered 200" in text
    assert "GET /3/guest_session/…/rated/movies answered 200" in text
    for secret in (SECRET, TOKEN, "5509daa5"):
        assert secret not in text
