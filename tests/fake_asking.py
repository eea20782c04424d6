"""How the fakes' own tests ask: a plain aiohttp client, and answers read as they came."""

from __future__ import annotations

import base64
import json as jsonlib
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
import attrs

from tmdb_auth_async.testing import FakeTMDB

GUEST_NEW = "/3/authentication/guest_session/new"
REQUEST_TOKEN = "/4/auth/request_token"
CONFIGURATION = "/3/configuration"

READ_TOKEN = "the read access token"
"""Stands for the fake's own, which only the fake knows."""


@attrs.frozen
class Reply:
    """An answer: its status, its body and its headers."""

    status: int
    raw: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.raw.decode()

    @property
    def body(self) -> Any:
        """The body, decoded."""
        return jsonlib.loads(self.raw)

    @property
    def told(self) -> tuple[int, int]:
        """HTTP's status and TMDB's code."""
        return self.status, self.body["status_code"]


async def ask(
    fake: FakeTMDB,
    method: str,
    path: str,
    *,
    json: object = None,
    query: Mapping[str, str] | None = None,
    data: bytes | Mapping[str, str] | None = None,
    bearer: str | None = READ_TOKEN,
    tls: ssl.SSLContext | None = None,
) -> Reply:
    """Send one request on a connection of its own, and follow no redirect.

    aiohttp repeats a GET whose connection breaks by itself: ask by POST where it must not.
    """
    token = fake.read_access_token if bearer == READ_TOKEN else bearer
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client,
        client.request(
            method,
            fake.url + path,
            json=json,
            params=query,
            data=data,
            headers=headers,
            allow_redirects=False,
            ssl=tls or True,
        ) as answer,
    ):
        return Reply(answer.status, await answer.read(), answer.headers.copy())


async def v3_token(fake: FakeTMDB) -> str:
    """Fetch a v3 request token."""
    return str((await ask(fake, "GET", "/3/authentication/token/new")).body["request_token"])


async def v4_token(fake: FakeTMDB, redirect_to: str | None = None) -> str:
    """Fetch a v4 request token."""
    asked = {} if redirect_to is None else {"redirect_to": redirect_to}
    return str((await ask(fake, "POST", REQUEST_TOKEN, json=asked)).body["request_token"])


async def log_in(fake: FakeTMDB) -> str:
    """Open a v3 session by approval, and return its id."""
    token = await v3_token(fake)
    fake.approve(token)
    reply = await ask(fake, "POST", "/3/authentication/session/new", json={"request_token": token})
    return str(reply.body["session_id"])


async def log_in_v4(fake: FakeTMDB) -> tuple[str, str]:
    """Get a user's access token by approval, and the account's object id."""
    token = await v4_token(fake)
    fake.approve(token)
    body = (await ask(fake, "POST", "/4/auth/access_token", json={"request_token": token})).body
    return body["access_token"], body["account_id"]


def claims(jwt: str) -> dict[str, Any]:
    """Read a JWT's payload, whoever signed it."""
    payload = jwt.split(".")[1]
    decoded: dict[str, Any] = jsonlib.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded
