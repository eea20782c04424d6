"""A program proves who it is at ZITADEL by a client's secret or a key file, for a token that it renews."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import (
    TMDB,
    ApiKey,
    AppCredentialRefused,
    NotConfigured,
    PermissionDenied,
    Refused,
    ServiceDown,
    SessionManager,
    Unreadable,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.fake_zitadel.machine import Machine
from tmdb_auth_async.testing.faults import FaultKind
from tmdb_auth_async.zitadel import ClientCredentials, PrivateKeyJWT, Zitadel, ZitadelLogin, create_session

from .zitadel_asking import TOKEN, managed, tokens

FAULTS: list[FaultKind] = ["status", "reset", "lost answer"]
LOGIN = ZitadelLogin("ada", password="secret")


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada."""
    fake_zitadel.add_user("ada", "secret")
    return fake_zitadel


@pytest.fixture(params=["secret", "key"])
def app(request: pytest.FixtureRequest, machine: Machine, tmp_path: Path) -> ClientCredentials | PrivateKeyJWT:
    """Each of the two ways to prove it."""
    if request.param == "secret":
        return ClientCredentials(machine.client_id, machine.client_secret)
    return PrivateKeyJWT(machine.write_key_file(tmp_path / "key.json"))


async def test_a_token_is_fetched_when_first_needed(fake: FakeZitadel, app: Any) -> None:
    """Not before, and not again: it signs what opens and closes sessions."""
    async with managed(fake, app) as manager:
        assert not fake.requests
        for _ in range(2):
            async with manager.session(LOGIN) as session:
                assert fake.sessions == {session.id}
    assert tokens(fake) == [200]
    assert not fake.sessions


async def test_a_token_that_is_refused_is_renewed_once(fake: FakeZitadel, app: Any) -> None:
    """One that the service has ended before its time, at a create and at a close."""
    async with managed(fake, app) as manager:
        async with manager.session(LOGIN):
            pass
        fake.revoke_access_tokens()
        async with manager.session(LOGIN):
            fake.revoke_access_tokens()
        assert not fake.sessions
        assert tokens(fake) == [200] * 3
        fake.fail(status=401, path="/v2/sessions", times=None)
        with pytest.raises(AppCredentialRefused):
            async with manager.session(LOGIN):
                pass
    assert tokens(fake) == [200] * 4


async def test_a_token_that_expired_at_the_service_is_renewed(fake: FakeZitadel, app: Any) -> None:
    """Whatever the program's own clock says."""
    async with managed(fake, app) as manager:
        await manager.ask(create_session())
        fake.advance(12 * 60 * 60)
        await manager.ask(create_session())
    assert tokens(fake) == [200, 200]


async def test_a_wrong_secret_is_refused_by_one_request(fake: FakeZitadel, machine: Machine) -> None:
    """It is not tried again, and says that it is the credential."""
    async with managed(fake, ClientCredentials(machine.client_id, "canary")) as manager:
        with pytest.raises(AppCredentialRefused) as refused:
            async with manager.session(LOGIN):
                pass
    assert (refused.value.status, refused.value.code) == (401, "invalid_client")
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)
    assert tokens(fake) == [401]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, AppCredentialRefused), (401, AppCredentialRefused), (403, PermissionDenied), (404, Refused)],
)
async def test_what_the_endpoint_refuses(fake: FakeZitadel, app: Any, status: int, kind: type[Refused]) -> None:
    """By status, whatever its words are."""
    fake.fail(status=status, path=TOKEN, body=b"no words")
    async with managed(fake, app) as manager:
        with pytest.raises(kind) as refused:
            await manager.ask(create_session())
    assert type(refused.value) is kind
    assert refused.value.status == status


async def test_the_endpoint_is_asked_again_when_it_is_down(fake: FakeZitadel, app: Any) -> None:
    """After a 503, a reset and a lost answer: asking for a token twice harms nobody."""
    async with managed(fake, app) as manager:
        for kind in FAULTS:
            fake.fail(kind, path=TOKEN)
        await manager.ask(create_session())
    assert tokens(fake)[0] == 503
    assert tokens(fake)[3:] == [200]


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"access_token":""}', b'{"access_token":7}', b'{"access_token":"t","expires_in":"x"}']
)
async def test_what_is_no_token_is_unreadable(fake: FakeZitadel, app: Any, body: bytes) -> None:
    """It may not have created anything: nothing else was sent."""
    fake.fail(status=200, path=TOKEN, body=body)
    async with managed(fake, app) as manager:
        with pytest.raises(Unreadable) as raised:
            await manager.ask(create_session())
    assert not raised.value.may_have_created
    assert len(fake.requests) == 1


async def test_a_token_whose_life_is_not_told_is_used(fake: FakeZitadel, app: Any) -> None:
    """Until it is refused."""
    fake.fail(status=200, path=TOKEN, body=json.dumps({"access_token": fake.token}).encode())
    async with managed(fake, app) as manager:
        await manager.ask(create_session())
        await manager.ask(create_session())
    assert tokens(fake) == [200]


async def test_a_credential_serves_at_other_services(fake: FakeZitadel, app: Any) -> None:
    """It is only a way to sign: the path of the token endpoint is below the service's own URL."""
    async with SessionManager(app, service=TMDB.at(fake.url)) as manager:
        body: Any = await manager.post("/v2/sessions", json={})
        assert {body["sessionId"]} == fake.sessions
        fake.revoke_access_tokens()
        fake.fail(status=401, path=TOKEN)
        with pytest.raises(Refused):
            await manager.post("/v2/sessions", json={})
    refusing = ClientCredentials("nobody", "x")
    async with SessionManager(refusing, service=TMDB.at(fake.url)) as manager:
        with pytest.raises(AppCredentialRefused):
            await manager.get("/v2/sessions/1")


async def test_a_secret_is_form_encoded_in_basic(fake: FakeZitadel, machine: Machine) -> None:
    """Whatever signs there are in it, as RFC 6749 has it."""
    odd = "a:b%c +é/="
    _, caller = fake._state.clients[machine.client_id]  # noqa: SLF001  # the fake gives out no such secret itself
    fake._state.clients["odd id:"] = (odd, caller)  # noqa: SLF001  # as above
    async with managed(fake, ClientCredentials("odd id:", odd)) as manager:
        await manager.ask(create_session())
    assert tokens(fake) == [200]


@pytest.mark.parametrize("pair", [("", "x"), ("x", ""), (" ", "x"), (None, "x"), ("x", 7)])
def test_empty_credentials_are_refused(pair: tuple[Any, Any]) -> None:
    """When they are made."""
    with pytest.raises(NotConfigured, match="client"):
        ClientCredentials(*pair)


@pytest.mark.parametrize("app", [ApiKey("0" * 32), ApiKey("my-key")])
def test_an_api_key_is_no_credential_here(fake: FakeZitadel, app: ApiKey) -> None:
    """It would stand in every URL, and be refused: so nothing is sent at all."""
    with pytest.raises(NotConfigured, match="bearers only") as caught:
        SessionManager(app, service=Zitadel(fake.url))
    assert app.key not in str(caught.value)


async def test_nothing_shows_a_secret(fake: FakeZitadel, app: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a repr nor a log at any level, whatever the service answers."""
    caplog.set_level(logging.DEBUG)
    secret = getattr(app, "client_secret", "BEGIN RSA")
    fake.fail(status=500, path=TOKEN)
    async with managed(fake, app, retries=0) as manager:
        with pytest.raises(ServiceDown) as raised:
            await manager.ask(create_session())
        await manager.ask(create_session())
        given_out = list(fake._state.access_tokens)  # noqa: SLF001  # the token that was given out
        fake.fail(status=403, body=json.dumps({"code": 7, "message": f"not by {given_out[0]}"}).encode())
        with pytest.raises(PermissionDenied) as refused:
            await manager.ask(create_session())
    shown = " ".join([repr(app), repr(manager), repr(raised.value), str(refused.value), caplog.text])
    assert secret not in shown
    assert given_out[0] not in shown
    with pytest.raises(TypeError, match="pickled"):
        app.__reduce_ex__(4)
