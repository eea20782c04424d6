"""The fake's token endpoint gives tokens to who proves who it is, and to nobody else."""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import pytest

from tmdb_auth_async.testing import FakeZitadel

from .zitadel_asking import Reply, ask

TOKEN = "/oauth/v2/token"
BY_KEY = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "openid urn:zitadel:iam:org:project:id:zitadel:aud"
BY_SECRET = {"grant_type": "client_credentials", "scope": SCOPE}


def _basic(user: str, password: str) -> Mapping[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def _works(fake: FakeZitadel, token: str) -> bool:
    reply = await ask(fake, "POST", "/v2/sessions", json={}, bearer=token)
    return reply.status == 201


@pytest.mark.parametrize("how", ["basic", "form"])
async def test_a_secret_gives_a_token(fake_zitadel: FakeZitadel, how: str) -> None:
    """In HTTP Basic or in the form; the token is good for as long as it says, and there is no other to renew it by."""
    machine = fake_zitadel.add_machine()
    form = BY_SECRET | (
        {"client_id": machine.client_id, "client_secret": machine.client_secret} if how == "form" else {}
    )
    headers = _basic(machine.client_id, machine.client_secret) if how == "basic" else {}
    reply = await ask(fake_zitadel, "POST", TOKEN, data=form, bearer=None, headers=headers)
    assert set(reply.body) == {"access_token", "token_type", "expires_in"}
    assert (reply.status, reply.body["token_type"]) == (200, "Bearer")
    assert await _works(fake_zitadel, reply.body["access_token"])
    fake_zitadel.advance(reply.body["expires_in"] + 1)
    assert not await _works(fake_zitadel, reply.body["access_token"])


async def test_a_token_without_the_scope_is_not_for_the_api(fake_zitadel: FakeZitadel) -> None:
    """It is given, and is a bad bearer."""
    machine = fake_zitadel.add_machine()
    headers = _basic(machine.client_id, machine.client_secret)
    form = {**BY_SECRET, "scope": "openid"}
    reply = await ask(fake_zitadel, "POST", TOKEN, data=form, bearer=None, headers=headers)
    assert not await _works(fake_zitadel, reply.body["access_token"])


@pytest.mark.parametrize("headers", [{}, _basic("x", "y"), {"Authorization": "Basic ???"}, _basic("", "")])
async def test_a_stranger_gets_none(fake_zitadel: FakeZitadel, headers: Mapping[str, str]) -> None:
    """An unknown client, and what is no HTTP Basic, is 401."""
    fake_zitadel.add_machine()
    reply = await ask(fake_zitadel, "POST", TOKEN, data=BY_SECRET, bearer=None, headers=headers)
    assert (reply.status, reply.body["error"]) == (401, "invalid_client")


async def test_a_wrong_secret_gets_none(fake_zitadel: FakeZitadel) -> None:
    """A known client with another's secret is 401."""
    one, other = fake_zitadel.add_machine(), fake_zitadel.add_machine()
    headers = _basic(one.client_id, other.client_secret)
    assert (await ask(fake_zitadel, "POST", TOKEN, data=BY_SECRET, bearer=None, headers=headers)).status == 401


async def test_other_grants_are_not_there(fake_zitadel: FakeZitadel) -> None:
    """Neither a password nor nothing at all."""
    for form in ({"grant_type": "password"}, {}):
        reply = await ask(fake_zitadel, "POST", TOKEN, data=form, bearer=None)
        assert (reply.status, reply.body["error"]) == (400, "unsupported_grant_type")


async def test_a_key_file_is_for_its_owner_alone(fake_zitadel: FakeZitadel, tmp_path: Path) -> None:
    """It holds what ZITADEL's hold, and others cannot read it, even where a file was before."""
    machine = fake_zitadel.add_machine()
    key_file = tmp_path / "key.json"
    assert machine.write_key_file(key_file) == key_file
    fields = json.loads(key_file.read_text(encoding="utf-8"))
    assert (set(fields), fields["type"]) == ({"type", "keyId", "key", "userId"}, "serviceaccount")
    assert fields["userId"] == machine.user_id
    assert key_file.stat().st_mode & 0o777 == 0o600
    before = tmp_path / "before.json"
    before.write_text("{}")
    before.chmod(0o644)
    machine.write_key_file(before)
    assert before.stat().st_mode & 0o777 == 0o600


async def test_a_key_file_without_the_extra_names_it(
    fake_zitadel: FakeZitadel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What signs it is installed by the extra alone."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(ImportError, match=r"tmdb-auth-async\[zitadel\]"):
        fake_zitadel.add_machine().write_key_file(tmp_path / "key.json")


async def test_a_signed_assertion_gives_a_token(fake_zitadel: FakeZitadel, tmp_path: Path) -> None:
    """Each of an account's keys does; the audience may be one of several."""
    machine = fake_zitadel.add_machine()
    for name in ("one", "two"):
        reply = await _assert(fake_zitadel, _key(machine.write_key_file(tmp_path / name)))
        assert await _works(fake_zitadel, reply.body["access_token"])
    key = _key(tmp_path / "one")
    assert (await _assert(fake_zitadel, key, aud=["x", fake_zitadel.url])).status == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example"},
        {"aud": None},
        {"iss": "1"},
        {"sub": "1"},
        {"iat": time.time() - 3700},
        {"iat": time.time() + 600},
        {"iat": None},
        {"exp": time.time() - 1},
        {"exp": None},
    ],
)
async def test_a_wrong_claim_gets_none(fake_zitadel: FakeZitadel, tmp_path: Path, claims: dict[str, Any]) -> None:
    """For somebody else, by somebody else, too old, from the future, expired, or not said: 400."""
    key = _key(fake_zitadel.add_machine().write_key_file(tmp_path / "key"))
    reply = await _assert(fake_zitadel, key, **claims)
    assert (reply.status, reply.body["error"]) == (400, "invalid_grant")


async def test_another_signature_gets_none(fake_zitadel: FakeZitadel, tmp_path: Path) -> None:
    """Another's key, a symmetric one, none at all, an unknown key id and what is no JWT: 400."""
    machine, other = fake_zitadel.add_machine(), fake_zitadel.add_machine()
    key, others = (_key(one.write_key_file(tmp_path / one.client_id)) for one in (machine, other))
    for forged in ({**key, "key": others["key"]}, {**key, "keyId": others["keyId"]}, {**key, "keyId": "1"}):
        assert (await _assert(fake_zitadel, forged)).status == 400
    claims = _claims(fake_zitadel, key)
    symmetric = jwt.encode(claims, "x" * 32, "HS256", headers={"kid": key["keyId"]})
    unsigned = jwt.encode(claims, "", "none", headers={"kid": key["keyId"]})
    signed = jwt.encode(claims, key["key"], "RS256", headers={"kid": key["keyId"]})
    for text in (symmetric, unsigned, signed[:-8], signed.rpartition(".")[0], "x", "x.y.z", "", "e30.e30.e30"):
        reply = await ask(fake_zitadel, "POST", TOKEN, data={"grant_type": BY_KEY, "assertion": text}, bearer=None)
        assert (reply.status, reply.body["error"]) == (400, "invalid_grant")


async def test_the_document_tells_where_the_endpoint_is(fake_zitadel: FakeZitadel) -> None:
    """Without a bearer, for whoever looks it up."""
    body = (await ask(fake_zitadel, "GET", "/.well-known/openid-configuration", bearer=None)).body
    assert (body["issuer"], body["token_endpoint"]) == (fake_zitadel.url, fake_zitadel.url + TOKEN)


async def test_tokens_can_be_taken_back(fake_zitadel: FakeZitadel) -> None:
    """One or all; what is not there cannot be."""
    machine = fake_zitadel.add_machine()
    headers = _basic(machine.client_id, machine.client_secret)
    replies = [await ask(fake_zitadel, "POST", TOKEN, data=BY_SECRET, bearer=None, headers=headers) for _ in range(2)]
    one, other = (reply.body["access_token"] for reply in replies)
    fake_zitadel.revoke(one)
    assert [await _works(fake_zitadel, token) for token in (one, other)] == [False, True]
    fake_zitadel.revoke_access_tokens()
    assert not await _works(fake_zitadel, other)
    with pytest.raises(LookupError):
        fake_zitadel.revoke(one)


def _key(path: Path) -> dict[str, str]:
    fields: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return fields


def _claims(fake: FakeZitadel, key: Mapping[str, str]) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": key["userId"], "sub": key["userId"], "aud": fake.url, "iat": now, "exp": now + 60}


async def _assert(fake: FakeZitadel, key: Mapping[str, str], **claims: Any) -> Reply:
    """Ask for a token by an assertion, with *claims* besides or in place of the right ones."""
    found = {name: claim for name, claim in {**_claims(fake, key), **claims}.items() if claim is not None}
    assertion = jwt.encode(found, key["key"], "RS256", headers={"kid": key["keyId"]})
    form = {"grant_type": BY_KEY, "scope": SCOPE, "assertion": assertion}
    return await ask(fake, "POST", TOKEN, data=form, bearer=None)
