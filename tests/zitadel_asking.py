"""How the tests about ZITADEL ask: a manager on the fake, or a plain aiohttp client with answers as they came."""

from __future__ import annotations

import json as jsonlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import attrs

from tmdb_auth_async import BearerToken, SessionManager
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import Zitadel

SECRET = "JBSWY3DPEHPK3PXP"
"""The secret of ada's one-time codes."""

OWN = "the fake's own token"
"""Stands for the token of the caller that may write and delete, which only the fake knows."""

TOKEN = "/oauth/v2/token"
RPC = "/zitadel.session.v2.SessionService/"
ADA = {"user": {"loginName": "ada"}, "password": {"password": "secret"}}


@attrs.frozen
class Reply:
    """An answer: its status and its body as text."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """The body, decoded."""
        return jsonlib.loads(self.text)

    @property
    def told(self) -> tuple[int, int | str, str]:
        """HTTP's status, gRPC's code as the envelope writes it, and the first detail's id."""
        details = self.body["details"]
        first = details[0].get("debug", details[0]) if details else {}
        return self.status, self.body["code"], first.get("id", "")


async def ask(
    fake: FakeZitadel,
    method: str,
    path: str,
    *,
    json: object = None,
    query: Mapping[str, str] | None = None,
    data: bytes | Mapping[str, str] | None = None,
    bearer: str | None = OWN,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send one request on a connection of its own."""
    token = fake.token if bearer == OWN else bearer
    sent = {**(headers or {}), **({} if token is None else {"Authorization": f"Bearer {token}"})}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client,
        client.request(method, fake.url + path, json=json, params=query, data=data, headers=sent) as answer,
    ):
        return Reply(answer.status, await answer.text())


async def create(fake: FakeZitadel, checks: object = None, **more: object) -> tuple[str, str]:
    """Create a session, and return its id and its token."""
    body = (await ask(fake, "POST", "/v2/sessions", json={"checks": checks, **more} if checks else more)).body
    return body["sessionId"], body["sessionToken"]


def tokens(fake: FakeZitadel) -> list[int | None]:
    """List with which status each request for a token was answered."""
    return [one.status for one in fake.requests if one.path == TOKEN]


@asynccontextmanager
async def managed(fake: FakeZitadel, app: Any = None, **settings: Any) -> AsyncGenerator[SessionManager]:
    """Give a manager on *fake*, signed by its own caller's token unless *app* is another credential."""
    app = BearerToken(fake.token) if app is None else app
    async with SessionManager(app, service=Zitadel(fake.url), **settings) as manager:
        yield manager
