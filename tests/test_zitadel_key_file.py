"""A program proves who it is at ZITADEL by a key file: what it signs, and which files are refused."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import jwt
import pytest

from tmdb_auth_async import (
    AppCredentialRefused,
    NotConfigured,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.fake_zitadel.machine import Machine
from tmdb_auth_async.zitadel import PrivateKeyJWT, create_session

from .zitadel_asking import managed, tokens


async def test_an_unknown_key_is_refused_by_one_request(
    fake_zitadel: FakeZitadel, machine: Machine, tmp_path: Path
) -> None:
    """A 400 is the credential's refusal here, and nowhere else."""
    path = machine.write_key_file(tmp_path / "key.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "keyId": "1"}))
    async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
        with pytest.raises(AppCredentialRefused, match="nobody has such a key") as refused:
            await manager.ask(create_session())
    assert (refused.value.status, refused.value.code) == (400, "invalid_grant")
    assert tokens(fake_zitadel) == [400]


async def test_an_assertion_says_who_for_whom_and_until_when(
    fake_zitadel: FakeZitadel, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed with RS256 in a thread, for the service's own URL, by the key whose id the header names."""
    path = machine.write_key_file(tmp_path / "key.json")
    made: list[tuple[threading.Thread, str]] = []
    real = jwt.encode

    def encode(*args: Any, **options: Any) -> str:
        made.append((threading.current_thread(), real(*args, **options)))
        return made[-1][1]

    monkeypatch.setattr(jwt, "encode", encode)
    async with managed(fake_zitadel, PrivateKeyJWT(str(path))) as manager:
        await manager.ask(create_session())
    ((thread, assertion),) = made
    assert thread is not threading.current_thread()
    fields = json.loads(path.read_text())
    assert jwt.get_unverified_header(assertion) == {"alg": "RS256", "typ": "JWT", "kid": fields["keyId"]}
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["aud"]) == (machine.user_id, machine.user_id, fake_zitadel.url)
    assert 0 < claims["exp"] - claims["iat"] <= 3600


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o666])
async def test_a_key_file_that_others_can_read_is_refused(
    fake_zitadel: FakeZitadel, machine: Machine, tmp_path: Path, mode: int
) -> None:
    """Before anything is sent; and it says what to do."""
    path = machine.write_key_file(tmp_path / "key.json")
    path.chmod(mode)
    async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
        with pytest.raises(NotConfigured, match="chmod 600"):
            await manager.ask(create_session())
        path.chmod(0o400)
        await manager.ask(create_session())
    assert tokens(fake_zitadel) == [200]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "canary",
        "[]",
        "{}",
        '{"type":"application","keyId":"1","key":"canary","userId":"2"}',
        '{"type":"serviceaccount","keyId":"1","key":"canary"}',
        '{"type":"serviceaccount","keyId":1,"key":"canary","userId":"2"}',
        '{"type":"serviceaccount","keyId":"1","key":"canary","userId":"2"}',
        '{"type":"serviceaccount","keyId":"1","key":"-----BEGIN RSA PRIVATE KEY-----canary","userId":"2"}',
        "\udcff",
    ],
)
async def test_what_is_no_key_file_is_refused(fake_zitadel: FakeZitadel, tmp_path: Path, content: str) -> None:
    """Without quoting it, in the error or behind it."""
    path = tmp_path / "key.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
        with pytest.raises(NotConfigured) as raised:
            await manager.ask(create_session())
    assert "canary" not in str(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert not fake_zitadel.requests


async def test_a_missing_key_file_is_named(fake_zitadel: FakeZitadel, tmp_path: Path) -> None:
    """And so is a folder in its place."""
    for path in (tmp_path / "absent.json", tmp_path):
        async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
            with pytest.raises(NotConfigured, match=path.name) as raised:
                await manager.ask(create_session())
        assert raised.value.__context__ is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners are POSIX's")
async def test_a_key_file_of_another_user_is_refused(
    fake_zitadel: FakeZitadel, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who owns a file can read it, whatever its mode; nothing is sent."""
    path = machine.write_key_file(tmp_path / "key.json")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
        with pytest.raises(NotConfigured, match="belongs to another user"):
            await manager.ask(create_session())
    assert not fake_zitadel.requests


PEM = "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----\n"
KEY = json.dumps({"type": "serviceaccount", "keyId": "1", "key": PEM, "userId": "2"})
INDENTED = json.dumps(json.loads(KEY), indent=2)


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        INDENTED,
        f"\n {KEY}",
        PEM,
        f" {PEM}",
        *(base64.b64encode(text.encode()).decode() for text in (KEY, INDENTED, PEM)),
    ],
    ids=["JSON", "indented", "after blanks", "PEM", "after a blank", "base64", "base64, indented", "base64 of PEM"],
)
def test_a_key_in_place_of_its_file_is_not_shown(key: str) -> None:
    """It was taken for a path, and stood in the credential's repr and in the error of the first request."""
    with pytest.raises(NotConfigured, match="that is the key itself: give the path") as raised:
        PrivateKeyJWT(key)
    assert "canary" not in repr(raised.value)
    assert key.strip()[:20] not in repr(raised.value)
    assert raised.value.__context__ is None


@pytest.mark.parametrize("path", [None, 5, b"canary.json", "", "canary\0.json", "canary\n.json", ["canary.json"]])
def test_what_is_no_path_is_refused_at_once(path: Any) -> None:
    """It ended in a bare error, and only at the first request."""
    with pytest.raises(NotConfigured, match="path of the service account's key file") as raised:
        PrivateKeyJWT(path)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("path", ["key.json", "./keys/{env}/key.json", "~/-key-", Path("eyes/key.json")])
def test_a_path_is_one_and_is_shown(path: str | Path) -> None:
    """As it was given."""
    assert repr(PrivateKeyJWT(path)) == f"PrivateKeyJWT(key_file={path!r})"


@pytest.mark.parametrize("missing", ["jwt", "cryptography"])
async def test_a_missing_extra_is_named(
    fake_zitadel: FakeZitadel, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """When a key is first used: PyJWT may be there without cryptography."""
    path = machine.write_key_file(tmp_path / "key.json")
    if missing == "jwt":
        monkeypatch.setitem(sys.modules, "jwt", None)
    else:
        monkeypatch.setattr(jwt, "encode", _without_cryptography)
    async with managed(fake_zitadel, PrivateKeyJWT(path)) as manager:
        with pytest.raises(NotConfigured, match=r"tmdb-auth-async\[zitadel\]"):
            await manager.ask(create_session())


def _without_cryptography(*_: object, **__: object) -> str:
    raise NotImplementedError("Algorithm 'RS256' could not be found. Do you have cryptography installed?")
