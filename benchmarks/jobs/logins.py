"""Many callers that log in at the same time: under one name, and each under its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import count

import attrs

from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager

from ..crowd import Took, at_once, measured
from ..target import PASSWORD, USERNAME, Target
from .road import round_trip_s

_A_WHILE_S = 0.2
_OFTEN = 4
"""How often they log in under one name before and after they do under their own, which takes fifty times the CPU."""

WARM_UPS = 1
"""How many sessions are opened before anything is measured."""


@attrs.frozen(kw_only=True)
class Logins:
    """What logging in took all callers together, each time; *waiting* is what the callers cost who only wait."""

    round_trip_s: float
    waiting: Took
    one_name: Sequence[Took]
    own_names: Took


async def log_in_together(target: Target, callers: int) -> Logins:
    """Let so many log in at once, on a manager that has no connection yet, in a process that has done it before."""
    await _log_in(target, WARM_UPS, own=True)
    trip_s = await round_trip_s(target)
    waiting = await _wait(callers)
    before = [await _log_in(target, callers, own=False) for _ in range(_OFTEN)]
    own = await _log_in(target, callers, own=True)
    after = [await _log_in(target, callers, own=False) for _ in range(_OFTEN)]
    return Logins(round_trip_s=trip_s, waiting=waiting, one_name=[*before, *after], own_names=own)


async def _wait(callers: int) -> Took:
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(_A_WHILE_S, done.set)
    return await measured(at_once(done.wait, times=callers))


async def _log_in(target: Target, callers: int, *, own: bool) -> Took:
    strategy = RequestTokenLogin(Password(USERNAME, PASSWORD))
    numbers = count()
    async with SessionManager(BearerToken(target.token), service=TMDB.at(target.url)) as manager:

        def log_in() -> Awaitable[object]:
            return manager.login(strategy, name=f"user {next(numbers)}" if own else "one for all")

        return await measured(at_once(log_in, times=callers))
