"""Send requests to a server with a script, and see what arrives and what comes back."""

from __future__ import annotations

import asyncio

import pytest

from tmdb_auth_async import Request, Response, tmdb
from tmdb_auth_async.errors import AuthError
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.wire import Wire

from .scripted import Arrived, Scripted, Step, http

CANARY = "canary-5f1e"
YES = http({"success": True})
PUT = Request("PUT", "/3/list/5", json={"x": CANARY})
READ = Request("GET", "/3/account", params={"session_id": CANARY}, authorization=f"Bearer {CANARY}")
CREATE = Request("POST", "/3/authentication/session/new", json={"request_token": CANARY}, creates=True)
GUEST = tmdb.create_guest_session().request


async def sent(request: Request, *script: Step, prefix: str = "") -> tuple[Response, Arrived]:
    """Send *request* to a server of that script; return what came back, and what arrived first."""
    async with asyncio.timeout(10), Scripted(*script) as server:
        wire = Wire(server.url + prefix)
        try:
            return await wire.send(Signed(request)), server.arrived[0]
        finally:
            await wire.aclose()


async def met(request: Request, *script: Step) -> tuple[AuthError, int]:
    """Send *request*; return the error that is met, and how many requests arrived."""
    async with asyncio.timeout(10), Scripted(*script) as server:
        wire = Wire(server.url)
        try:
            with pytest.raises(AuthError) as caught:
                await wire.send(Signed(request))
        finally:
            await wire.aclose()
        return caught.value, len(server.arrived)
