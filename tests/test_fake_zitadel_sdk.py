"""ZITADEL's own SDK finds what it expects on the fake: an independent check of the wire formats."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async.testing import FakeZitadel

from .zitadel_asking import SECRET

# What the SDK imports warns of its own deprecation, past every filter.
with warnings.catch_warnings(record=True):
    # Any: the SDK's generated models take fields by names that type checkers do not know.
    sdk: Any = pytest.importorskip("zitadel_client")
    models: Any = pytest.importorskip("zitadel_client.models")


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


def _whole_life(client: Any, code: str) -> tuple[Any, Any, Any]:
    """Create, set, read, list and delete a session by the SDK; tell what was read."""
    checks = models.SessionServiceChecks(
        user=models.SessionServiceCheckUser(login_name="ada"),
        password=models.SessionServiceCheckPassword(password="secret"),
    )
    made = client.sessions.create_session(
        models.SessionServiceCreateSessionRequest(checks=checks, lifetime="3600s", metadata={"client": "Ym90"})
    )
    totp = models.SessionServiceChecks(totp=models.SessionServiceCheckTOTP(code=code))
    changed = client.sessions.set_session(
        models.SessionServiceSetSessionRequest(session_id=made.session_id, checks=totp)
    )
    read = client.sessions.get_session(
        models.SessionServiceGetSessionRequest(session_id=made.session_id, session_token=changed.session_token)
    )
    mine = models.SessionServiceSearchQuery(creator_query=models.SessionServiceCreatorQuery())
    listed = client.sessions.list_sessions(models.SessionServiceListSessionsRequest(queries=[mine]))
    ended = client.sessions.delete_session(
        models.SessionServiceDeleteSessionRequest(session_id=made.session_id, session_token=changed.session_token)
    )
    return read.session, listed, ended.details


async def _in_thread(work: Callable[[], Any]) -> Any:
    async with asyncio.timeout(20):
        return await asyncio.to_thread(work)


async def test_a_session_lives_its_whole_life_by_the_sdk(fake: FakeZitadel) -> None:
    """Created with a password, checked again by a code, read, listed and terminated."""
    code = fake.totp_code("ada")
    session, listed, details = await _in_thread(
        lambda: _whole_life(sdk.Zitadel.with_access_token(fake.url, fake.token), code)
    )
    assert (session.factors.user.login_name, session.factors.totp is not None) == ("ada", True)
    assert (session.expiration_date - session.creation_date).total_seconds() == pytest.approx(3600, abs=1)
    assert session.metadata == {"client": "Ym90"}
    assert [one.id for one in listed.sessions] == [session.id]
    assert listed.details.total_result == "1"
    assert details.change_date is not None
    assert not fake.sessions


async def test_the_sdk_reads_a_complaint(fake: FakeZitadel) -> None:
    """A wrong token is 403 with its id."""

    def terminate() -> tuple[int, str]:
        client = sdk.Zitadel.with_access_token(fake.url, fake.token)
        request = models.SessionServiceDeleteSessionRequest(session_id="1", session_token="wrong")
        with pytest.raises(sdk.ApiError) as refused:
            client.sessions.delete_session(request)
        return refused.value.code, refused.value.response_body["details"][0]["debug"]["id"]

    assert await _in_thread(terminate) == (403, "COMMAND-sGr42")


@pytest.mark.parametrize("kind", ["secret", "key"])
async def test_the_sdk_gets_its_token(fake: FakeZitadel, tmp_path: Path, kind: str) -> None:
    """By way of the discovery document, with a client's secret or a key file of the fake's."""
    machine = fake.add_machine()
    key_file = machine.write_key_file(tmp_path / "key.json")

    def life() -> object:
        if kind == "secret":
            client = sdk.Zitadel.with_client_credentials(fake.url, machine.client_id, machine.client_secret)
        else:
            client = sdk.Zitadel.with_private_key(fake.url, str(key_file))
        return _whole_life(client, fake.totp_code("ada"))

    await _in_thread(life)
    assert [one.path for one in fake.requests[:2]] == ["/.well-known/openid-configuration", "/oauth/v2/token"]
    assert not fake.sessions
