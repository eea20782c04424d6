"""No secret shows: not in a repr, a log, a warning, an exception or a task, whatever is done and whatever fails."""

from __future__ import annotations

import asyncio
import gc
import logging
import warnings
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import (
    TMDB,
    AuthError,
    BearerToken,
    NotConfigured,
    Password,
    RequestTokenLogin,
    SessionClosed,
    SessionManager,
    Unreachable,
)
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing.faults import FaultKind

from .canaries import PASSWORD, USERNAME, Canaries, look_at_error, plant, run
from .echoing import echoing
from .secret_flows import FLOWS, V3_ONLY, Flow, conversion, lent, met, password, served, staged

IMPATIENT: dict[str, Any] = {"timeout_s": 0.2, "close_timeout_s": 0.4, "retries": 1}
STEPS = [(password, step) for step in range(5)] + [(conversion, step) for step in range(6)]
STEP_NAMES = [f"{flow.__name__} {step}" for flow, step in STEPS]
UNKNOWN = 99
"""A code that TMDB does not have."""

FAULTS: tuple[FaultKind, ...] = (
    "status",
    "reset",
    "lost answer",
    "hang",
    "html",
    "garbage",
    "drip",
    "delay",
    "truncated",
    "flood",
)


@pytest.fixture(name="canaries")
def planted_canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know every secret that this test's fakes hand out."""
    return plant(monkeypatch)


@pytest.mark.parametrize("borrowed", [False, True], ids=["own client", "borrowed client"])
def test_no_flow_shows_a_secret(canaries: Canaries, tmp_path: Path, *, borrowed: bool) -> None:
    """Every way to log in, by token and by key, with and without a durable store, and nothing shows."""

    async def all_flows() -> None:
        async with AsyncExitStack() as stack:
            settings: dict[str, Any] = {"client": await stack.enter_async_context(lent())} if borrowed else {}
            for flow in FLOWS:
                async with served() as fake, staged(canaries, fake, **settings) as stage:
                    await flow(stage)
            for flow in V3_ONLY:
                async with served() as fake, staged(canaries, fake, api_key=True, ready=1, **settings) as stage:
                    await flow(stage)
            for flow in () if borrowed else FLOWS:
                store = SQLiteStore(tmp_path / f"{flow.__name__}.db")
                async with served() as fake, staged(canaries, fake, store=store, **settings) as stage:
                    await flow(stage)

    run(canaries, all_flows())


@pytest.mark.parametrize("kind", FAULTS)
def test_no_fault_shows_a_secret(canaries: Canaries, kind: FaultKind) -> None:
    """Whatever goes wrong, at whichever step, nothing shows in the error or on the way."""

    async def one(flow: Flow, step: int) -> None:
        async with served() as fake:
            fake.fail(kind, skip=step, times=3, delay_s=0.05)
            async with staged(canaries, fake, **IMPATIENT) as stage:
                await met(flow, stage, canaries)

    async def all_steps() -> None:
        await asyncio.gather(*(one(flow, step) for flow, step in STEPS))

    run(canaries, all_steps())


@pytest.mark.parametrize(("status", "code"), [(401, 7), (503, 9), (200, 33), (418, 99)])
def test_a_refusal_that_quotes_the_request_shows_no_secret(canaries: Canaries, status: int, code: int) -> None:
    """The service's words are kept, every secret of the request is struck out of them, at every step."""
    errors: list[AuthError] = []

    async def one(flow: Flow, step: int, *, api_key: bool = False) -> None:
        async with served() as fake, echoing(fake.url, at=step, status=status, code=code) as echo:
            async with staged(canaries, fake, url=echo.url, api_key=api_key, timeout_s=9, retries=0) as stage:
                error = await met(flow, stage, canaries)
                errors.extend([error] if error else [])
            assert echo.quoted

    async def all_steps() -> None:
        await asyncio.gather(*(one(flow, step) for flow, step in STEPS))
        await asyncio.gather(*(one(password, step, api_key=True) for step in range(5)))

    run(canaries, all_steps())
    assert len(errors) >= 10
    if code != UNKNOWN:
        assert any("HTTP/1.1" in error.message for error in errors)


def test_a_cancel_shows_no_secret(canaries: Canaries) -> None:
    """A login cancelled at each of its steps, before and after the service has done it, shows nothing either."""

    async def one(flow: Flow, step: int, *, carried_out: bool) -> None:
        async with served() as fake, staged(canaries, fake, **IMPATIENT) as stage:
            fake.fail("hang", skip=step, carried_out=carried_out)
            task = asyncio.create_task(flow(stage))
            while len(fake.requests) <= step and not task.done():
                await asyncio.sleep(0.001)
            task.cancel()
            canaries.see(repr(task), "a task that is cancelled")
            await asyncio.wait({task})
            canaries.see(repr(task), "a cancelled task")

    async def all_steps() -> None:
        await asyncio.gather(*(one(flow, step, carried_out=done) for flow, step in STEPS for done in (False, True)))

    run(canaries, all_steps())


def test_what_cannot_be_reached_shows_no_secret(canaries: Canaries) -> None:
    """A service that is away, a client that is closed, a manager that is over: nothing shows."""
    errors: list[AuthError | None] = []

    async def all_ways() -> None:
        async with served() as fake:
            async with staged(canaries, fake, **IMPATIENT) as stage:
                await fake.stop()
                errors.extend([await met(password, stage, canaries), await met(conversion, stage, canaries)])
            errors.append(await met(password, stage, canaries))
            await fake.start()
            async with lent() as client:
                pass
            async with staged(canaries, fake, client=client) as stage:
                errors.append(await met(password, stage, canaries))

    run(canaries, all_ways())
    assert [type(error) for error in errors] == [Unreachable, Unreachable, SessionClosed, NotConfigured]


def test_a_manager_that_is_forgotten_shows_no_secret(canaries: Canaries) -> None:
    """The warning of a manager that nobody closed, and aiohttp's of what it left open, hold no secret."""

    async def forgotten() -> None:
        async with served() as fake:
            manager = SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url))
            await manager.login(RequestTokenLogin(Password(USERNAME, PASSWORD)))
            del manager
            gc.collect()

    run(canaries, forgotten())
    assert any("never closed" in text for text in canaries.shown)
    assert any("Unclosed client session" in text for text in canaries.shown)


async def _told_by_a_future(secret: str) -> None:
    asyncio.get_running_loop().call_soon(str, secret)
    await asyncio.sleep(0)


async def _logged(secret: str) -> None:
    logging.getLogger("somebody").debug("GET %s", f"/3/account?session_id={secret}")


async def _warned(secret: str) -> None:
    warnings.warn(f"left open: {secret}", ResourceWarning, stacklevel=1)


async def _result_of_a_task(secret: str) -> None:
    async def give() -> str:
        return secret

    await asyncio.create_task(give())


@pytest.mark.parametrize("leak", [_told_by_a_future, _logged, _warned, _result_of_a_task])
def test_what_shows_a_secret_is_found(canaries: Canaries, leak: Callable[[str], Coroutine[Any, Any, None]]) -> None:
    """A handle, a log, a warning and a task that do show one fail the check of these tests."""
    canaries.secrets.add("0123456789abcdefghijklmnopqrstuvwxyz")
    with pytest.raises(AssertionError, match="0123456789a"):
        run(canaries, leak("0123456789abcdefghijklmnopqrstuvwxyz"))


@pytest.mark.parametrize("hung_on", ["__cause__", "__context__", "__notes__"])
def test_what_hangs_on_an_error_is_found(canaries: Canaries, hung_on: str) -> None:
    """So do a cause, a context and a note."""
    error = AuthError("harmless")
    setattr(error, hung_on, [PASSWORD] if hung_on == "__notes__" else ValueError(PASSWORD))
    look_at_error(error, canaries)
    assert canaries.found()
