"""The film club of the README's own service: a small API on this machine, whose visits must all be over in the end."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import attrs
from aiohttp import web
from aiohttp.typedefs import Handler

APP = "Basic " + b64encode(b"my_app:app secret").decode()
MEMBERS = {"ada": "1234"}


@attrs.define
class Club:
    """What the club knows: where it is, and who is visiting by which id; at night nobody can leave."""

    url: str = ""
    night: bool = False
    visits: dict[str, str] = attrs.field(factory=dict)
    opened: int = 0

    async def open(self, request: web.Request) -> web.Response:
        """Let a member in who has the right PIN."""
        body = await request.json()
        if MEMBERS.get(body["member"]) != body["pin"]:
            return _refused("pin", 403)
        visit = secrets.token_urlsafe()
        self.visits[visit] = body["member"]
        self.opened += 1
        return web.json_response({"id": visit, "expires_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()})

    async def me(self, request: web.Request) -> web.Response:
        """Say who is visiting."""
        member = self.visits.get(request.query.get("visit", ""))
        return _refused("over", 403) if member is None else web.json_response({"name": member})

    async def close(self, request: web.Request) -> web.Response:
        """End a visit."""
        if self.night:
            return web.Response(status=503)
        member = self.visits.pop(request.match_info["id"], None)
        return _refused("over", 403) if member is None else web.json_response({})


@asynccontextmanager
async def open_club() -> AsyncIterator[Club]:
    """Serve a club on 127.0.0.1; raises `AssertionError` when nobody came, or somebody has not left."""
    club = Club()
    app = web.Application(middlewares=[_of_the_app])
    app.add_routes([web.post("/visits", club.open), web.get("/me", club.me), web.delete("/visits/{id}", club.close)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        club.url = f"http://{host}:{port}"
        yield club
        assert club.opened
        assert not club.visits
    finally:
        await runner.cleanup()


@web.middleware
async def _of_the_app(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get("Authorization") != APP:
        return _refused("app", 401)
    return await handler(request)


def _refused(reason: str, status: int) -> web.Response:
    return web.Response(status=status, text=json.dumps({"reason": reason}), content_type="application/json")
