"""Web logins that come too late or fail halfway: each gets its error, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json

import pytest

from tmdb_auth_async import (
    ApprovalTimedOut,
    AuthError,
    NotApproved,
    Pending,
    RequestTokenInvalid,
    RequestTokenLogin,
    ServiceDown,
    V4Conversion,
    V4Login,
)

from .people import callback, tmdb_and_ada
from .webflow_kit import LOGINS, REDIRECT, Login


@LOGINS
async def test_an_expired_login_is_refused(login: Login) -> None:
    """Who comes back too late begins anew."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        fake.advance(seconds=3601)
        with pytest.raises((NotApproved, RequestTokenInvalid)):
            await manager.complete(pending, back)
        assert not fake.sessions | fake.access_tokens


async def test_an_expired_login_says_so_where_clocks_agree() -> None:
    """Where this machine's clock has passed the end too, the error is about the time."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url)
        record = json.loads(pending.dump())
        record["half"]["data"]["expires_at"] = "2001-01-01T00:00:00+00:00"
        fake.advance(seconds=3601)
        with pytest.raises(ApprovalTimedOut):
            await manager.complete(Pending.load(json.dumps(record)), back)


async def test_a_completion_that_failed_can_be_repeated() -> None:
    """A user who reloads the callback after an outage is logged in, if their token still lives."""
    async with tmdb_and_ada(retries=0) as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url)
        fake.fail(status=503, path="/3/authentication/session/new")
        with pytest.raises(ServiceDown):
            await manager.complete(pending, back)
        await manager.complete(pending, back)
        assert len(fake.sessions) == 1


async def test_a_refused_conversion_unmakes_the_access_token() -> None:
    """What the second half made halfway is deleted."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
        fake.fail(code=36, path="/3/authentication/session/convert/4")
        with pytest.raises(AuthError):
            await manager.complete(pending, await callback(pending.url))
        assert not fake.sessions | fake.access_tokens


async def test_a_cancelled_completion_leaves_nothing() -> None:
    """A request handler that is cancelled while TMDB answers leaves no session."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Conversion(V4Login(REDIRECT)))
        back = await callback(pending.url)
        gate = fake.hold("/3/authentication/session/convert/4", carried_out=True)
        completing = asyncio.get_running_loop().create_task(manager.complete(pending, back))
        await fake.arrived("/3/authentication/session/convert/4")
        completing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await completing
        gate.release()
        await fake.arrived("/4/auth/access_token", method="DELETE")
        await manager.aclose()
        assert not fake.sessions | fake.access_tokens
