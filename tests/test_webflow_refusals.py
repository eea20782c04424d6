"""Callbacks that do not complete a web login: each gets its error, and spoils nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from yarl import URL

from tmdb_auth_async import (
    TMDB,
    ApprovalDenied,
    BearerToken,
    NotApproved,
    Pending,
    RequestTokenInvalid,
    RequestTokenLogin,
    SessionManager,
    V4Login,
)

from .people import callback, tmdb_and_ada
from .webflow_kit import LOGINS, REDIRECT, Login, exchanges


@LOGINS
async def test_a_replay_is_refused(login: Login) -> None:
    """The same callback again is refused without a request here, and by the service everywhere else."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        await manager.complete(pending, back)
        for again in (pending, Pending.load(pending.dump())):
            with pytest.raises(RequestTokenInvalid, match="completed already"):
                await manager.complete(again, back)
        assert exchanges(fake) == 1
        async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as other:
            with pytest.raises((RequestTokenInvalid, NotApproved)):
                await other.complete(pending, back)
        assert len(fake.sessions | fake.access_tokens) == 1


@LOGINS
async def test_two_at_once_are_one(login: Login) -> None:
    """Of two requests with the same callback, one opens the session and the other is refused."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = await callback(pending.url)
        results = await asyncio.gather(*(manager.complete(pending, back) for _ in range(5)), return_exceptions=True)
        assert [type(one) for one in results if isinstance(one, BaseException)] == [RequestTokenInvalid] * 4
        assert len(fake.sessions | fake.access_tokens) == 1


@LOGINS
async def test_a_foreign_callback_is_refused(login: Login) -> None:
    """The callback of one login, approved by whomever, does not complete another one, and spoils neither."""
    async with tmdb_and_ada() as (fake, manager):
        mine, foreign = await manager.begin(login(REDIRECT)), await manager.begin(login(REDIRECT))
        my_back, foreign_back = await callback(mine.url), await callback(foreign.url)
        for pending, back in ((mine, foreign_back), (foreign, my_back)):
            with pytest.raises(RequestTokenInvalid, match="another login"):
                await manager.complete(pending, back)
        assert exchanges(fake) == 0
        await manager.complete(mine, my_back)
        await manager.complete(foreign, foreign_back)


@LOGINS
async def test_a_changed_callback_is_refused(login: Login) -> None:
    """A value that was changed, left out or put elsewhere is refused before anything is sent."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(login(REDIRECT))
        back = dict(URL(await callback(pending.url)).query)
        bound = [name for name in back if name != "approved"]
        assert bound
        for name in bound:
            without = {other: text for other, text in back.items() if other != name}
            changes: list[dict[str, Any]] = [
                without,
                {**back, name: ""},
                {**back, name: back[name][:-1]},
                {**back, name: back[name] + "x"},
                {**back, name: back[name].swapcase()},
                {**back, name: None},
                {**back, name: [["nested"]]},
                {**without, "state": back[name]},
            ]
            for change in changes:
                if change != back:
                    with pytest.raises(RequestTokenInvalid):
                        await manager.complete(pending, change)
        assert exchanges(fake) == 0
        await manager.complete(pending, back)


async def test_a_no_is_a_denial() -> None:
    """What v3 says in its callback is believed, with nothing sent; a second try is no yes."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        back = await callback(pending.url, "deny")
        for _ in range(2):
            with pytest.raises(ApprovalDenied):
                await manager.complete(pending, back)
        assert exchanges(fake) == 0


async def test_a_no_in_v4_is_the_services_to_tell() -> None:
    """A v4 callback says nothing, so the token is tried: what was denied is refused, and what was never decided too."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(V4Login(REDIRECT))
        with pytest.raises(RequestTokenInvalid):
            await manager.complete(pending, await callback(pending.url, "deny"))
        pending = await manager.begin(V4Login(REDIRECT))
        state = json.loads(pending.dump())["half"]["data"]["state"]
        with pytest.raises(ApprovalDenied):
            await manager.complete(pending, {"tmdb_login": state})
        assert not fake.access_tokens


async def test_a_yes_that_was_not_said_is_no_yes() -> None:
    """A user who writes the callback themselves is asked about at the service, and may still approve."""
    async with tmdb_and_ada() as (fake, manager):
        pending = await manager.begin(RequestTokenLogin(REDIRECT))
        half = json.loads(pending.dump())["half"]["data"]
        query = {"tmdb_login": half["state"], "request_token": half["request_token"], "approved": "true"}
        with pytest.raises(NotApproved) as caught:
            await manager.complete(pending, query)
        assert not isinstance(caught.value, ApprovalDenied)
        await callback(pending.url)
        await manager.complete(pending, query)
        assert len(fake.sessions) == 1
