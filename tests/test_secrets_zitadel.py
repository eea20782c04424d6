"""No secret of ZITADEL's shows: not a password, a one-time code, a session's token or the program's own credential."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import AuthError, BearerToken, LoginRefused, SessionManager, zitadel
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.faults import FaultKind

from .canaries import PASSWORD, USERNAME, WRONG_CODE, Canaries, look_at, look_at_error, plant, run
from .zitadel_asking import SECRET

Credential = Callable[[FakeZitadel, Path], Any]


def _token(fake: FakeZitadel, folder: Path) -> Any:
    return BearerToken(fake.token)


def _client(fake: FakeZitadel, folder: Path) -> Any:
    machine = fake.add_machine()
    return zitadel.ClientCredentials(machine.client_id, machine.client_secret)


def _key(fake: FakeZitadel, folder: Path) -> Any:
    return zitadel.PrivateKeyJWT(fake.add_machine().write_key_file(folder / "key.json"))


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know every secret that this test's fakes hand out."""
    return plant(monkeypatch)


@asynccontextmanager
async def managed(
    canaries: Canaries, credential: Credential, folder: Path, **settings: Any
) -> AsyncIterator[tuple[FakeZitadel, SessionManager]]:
    """Serve a ZITADEL that knows one user, and a manager for it, both looked at."""
    canaries.secrets.discard(USERNAME)  # who a session is of may be read: it is no secret here
    async with FakeZitadel() as fake:
        fake.add_user(USERNAME, PASSWORD, SECRET)
        app = credential(fake, folder)
        async with SessionManager(app, service=zitadel.Zitadel(fake.url), **settings) as manager:
            for thing in (app, fake, manager):
                look_at(thing, canaries)
            yield fake, manager
        canaries.see(repr(fake.requests), "the fake's log")


async def use(canaries: Canaries, fake: FakeZitadel, manager: SessionManager) -> None:
    """Log in with a code that a thread gives, use the session, and read it by hand."""
    strategy = zitadel.ZitadelLogin(USERNAME, password=PASSWORD, totp=lambda: fake.totp_code(USERNAME))
    async with manager.session(strategy) as ada:
        for thing in (strategy, ada, ada.value):
            look_at(thing, canaries)
        await ada.get("/v2/sessions/{session_id}")
        assert ada.id
        reading, searching = zitadel.get_session(ada.id, ada.value.token), zitadel.search_sessions(ids=[ada.id])  # type: ignore[attr-defined]  # a ZitadelSession's
        for read in (reading, await manager.ask(reading), searching, await manager.ask(searching)):
            look_at(read, canaries)
        await manager.get(f"/v2/sessions/{ada.id}")


@pytest.mark.parametrize("credential", [_token, _client, _key])
def test_no_login_shows_a_secret(canaries: Canaries, tmp_path: Path, credential: Credential) -> None:
    """By a token, a client's secret or a key file, with password and code: nothing shows, of a refusal neither."""

    async def flow() -> None:
        async with managed(canaries, credential, tmp_path) as (fake, manager):
            await use(canaries, fake, manager)
            for login in (
                zitadel.ZitadelLogin(USERNAME, password=PASSWORD, totp=lambda: WRONG_CODE),
                zitadel.ZitadelLogin(USERNAME, password=PASSWORD, totp=WRONG_CODE),
                zitadel.ZitadelLogin(USERNAME, password="not the canary"),
            ):
                look_at(login, canaries)
                with pytest.raises(LoginRefused) as caught:
                    await manager.login(login)
                look_at_error(caught.value, canaries)

    run(canaries, flow())


@pytest.mark.parametrize("kind", ["status", "lost answer", "hang", "garbage"])
def test_no_fault_shows_a_secret(canaries: Canaries, tmp_path: Path, kind: FaultKind) -> None:
    """Whatever goes wrong at whichever step, a fetched credential's included, nothing shows."""

    async def one(step: int) -> None:
        async with managed(canaries, _client, tmp_path, timeout_s=0.2, close_timeout_s=0.4, retries=1) as (
            fake,
            manager,
        ):
            fake.fail(kind, skip=step, times=2)
            try:
                await use(canaries, fake, manager)
            except AuthError as error:
                look_at_error(error, canaries)

    async def all_steps() -> None:
        await asyncio.gather(*(one(step) for step in range(5)))

    run(canaries, all_steps())


def test_a_complaint_that_quotes_the_request_shows_no_secret(canaries: Canaries, tmp_path: Path) -> None:
    """What the service says is struck, in its words and in the id that becomes the error's code."""
    errors: list[AuthError] = []

    async def flow() -> None:
        async with managed(canaries, _token, tmp_path) as (fake, manager):
            words = f"password {PASSWORD} of {USERNAME} by {fake.token}"
            body = {"code": 3, "message": words, "details": [{"id": fake.token, "message": words}]}
            fake.fail(status=400, body=json.dumps(body).encode(), times=None)
            refused: list[Awaitable[Any]] = [
                manager.login(zitadel.ZitadelLogin(USERNAME, password=PASSWORD)),
                manager.ask(zitadel.create_session(login_name=USERNAME, password=PASSWORD)),
            ]
            for asking in refused:
                with pytest.raises(AuthError) as caught:
                    await asking
                look_at_error(caught.value, canaries)
                errors.append(caught.value)

    run(canaries, flow())
    assert [error.message.count("•••") for error in errors] == [3, 3]
