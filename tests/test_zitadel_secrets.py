"""Whatever happens at ZITADEL, nothing that is secret shows: not in a log, an error or a repr."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import AuthError, BearerToken, SessionManager, zitadel
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.faults import FaultKind
from tmdb_auth_async.zitadel import ClientCredentials, PrivateKeyJWT, Zitadel, ZitadelLogin

from .showing import shown
from .zitadel_asking import SECRET, managed

FAULTS: tuple[FaultKind, ...] = ("status", "reset", "lost answer", "hang", "html", "garbage", "truncated", "flood")
STEPS = ("/oauth/v2/token", "/v2/sessions", "/v2/sessions/{session_id}")


async def test_nothing_shows(fake_zitadel: FakeZitadel, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With every fault at every step, by each credential, under asyncio's debug mode and all logs."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    fake = fake_zitadel
    fake.add_user("name-canary", "pass-canary", SECRET)
    machine = fake.add_machine()
    apps: list[Any] = [
        BearerToken(fake.token),
        ClientCredentials(machine.client_id, machine.client_secret),
        PrivateKeyJWT(machine.write_key_file(tmp_path / "key.json")),
    ]
    texts: list[str] = [repr(apps)]
    codes: list[str] = []

    def give() -> str:
        codes.append(fake.totp_code("name-canary"))
        return codes[-1]

    logins = [
        ZitadelLogin("name-canary", password="pass-canary", totp=give),
        ZitadelLogin("name-canary", password="wrong-canary"),
    ]
    for number, app in enumerate(apps):
        store = SQLiteStore(tmp_path / f"{number}.db")
        async with managed(fake, app, store=store, timeout_s=0.1, close_timeout_s=0.4, retries=1) as manager:
            for fault in FAULTS if app is apps[0] else FAULTS[:1]:
                for path in STEPS:
                    fake.fail(fault, path=path)
                    for login in logins:
                        texts += await _texts(manager, login)
                    fake.heal()
            texts += await _echoed(fake, manager)
            texts.append(repr(manager))
    texts += [record.getMessage() + str(record.exc_text) for record in caplog.records]
    secrets = {"canary", SECRET, machine.client_secret, fake.token, "BEGIN RSA", *codes}
    secrets |= set(fake._state.access_tokens)  # noqa: SLF001  # every token that was ever given out
    secrets |= {one.token for one in fake._state.sessions.values()} | set(fake._state.sessions)  # noqa: SLF001  # as above
    everything = "\n".join(texts)
    assert len(texts) > 50
    assert not [secret for secret in secrets if secret in everything]


async def _texts(manager: SessionManager, login: ZitadelLogin) -> list[str]:
    """Log in, use the session, and return what was to be seen of it."""
    try:
        async with manager.session(login) as session:
            await session.get("/v2/sessions/{session_id}")
            return [repr(session), repr(session.value), repr(login)]
    except AuthError as error:
        return [shown(error), repr(login)]


async def _echoed(fake: FakeZitadel, manager: SessionManager) -> list[str]:
    """Let the service quote what it was sent, and return what becomes of that."""
    texts: list[str] = []
    async with manager.session(ZitadelLogin("name-canary", password="pass-canary")) as session:
        token = fake._state.sessions[str(session.id)].token  # noqa: SLF001  # what the session signs with
        body = json.dumps({"code": 7, "message": f"{session.id} by {token}", "details": []}).encode()
        for ask in (
            session.get("/v2/sessions/{session_id}"),
            session.ask(zitadel.get_session(str(session.id), token)),
            manager.ask(zitadel.terminate_session(str(session.id), token)),
        ):
            fake.fail(status=403, body=body)
            with pytest.raises(AuthError) as refused:
                await ask
            texts.append(shown(refused.value))
    return texts


def test_urls_with_secrets_are_refused_without_them() -> None:
    """A user, a query or a fragment in an instance's URL is not quoted."""
    for url in ("https://u:canary@id.example.com", "https://id.example.com?t=canary", "https://id.example.com#canary"):
        with pytest.raises(AuthError) as refused:
            Zitadel(url)
        assert "canary" not in shown(refused.value)
