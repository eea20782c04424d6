"""Asking takes its time and no longer, and a cancel passes as it is."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import attrs
import pytest

from tmdb_auth_async import (
    TMDB,
    Ask,
    BearerToken,
    Call,
    RateLimited,
    SessionManager,
    TimedOut,
    tmdb,
)
from tmdb_auth_async.ports import Fetched
from tmdb_auth_async.testing import FakeTMDB

from .asking_kit import (
    GUEST,
    SECRET,
    TOKEN,
    YES,
    managed,
    met,
)
from .scripted import Act, Scripted, http

pytestmark = pytest.mark.usefixtures("short_waits")


async def test_a_hang_of_a_read_is_asked_again_within_the_time() -> None:
    """One answer that never comes does not eat the budget: half of it is left for the next try."""
    started = time.monotonic()
    async with Scripted(Act.HANG, YES) as server, managed(server, timeout_s=0.6) as manager:
        assert await manager.get("/3/account") == {"success": True}
        assert len(server.arrived) == 2
    assert 0.3 <= time.monotonic() - started < 0.6


@pytest.mark.parametrize("retries", [0, 1, 3, 10])
async def test_everything_ends_within_the_time(retries: int) -> None:
    """A service that hangs for ever costs `timeout_s`, whatever the number of tries."""
    for call in (tmdb.validate_key(), tmdb.delete_session(SECRET)):
        started = time.monotonic()
        error, arrived = await met(call, Act.HANG, timeout_s=0.3, retries=retries)
        assert time.monotonic() - started < 0.3 + 0.25
        assert type(error) is TimedOut
        assert 1 <= arrived <= retries + 1
        if retries:
            assert arrived >= 2


async def test_a_wait_that_is_too_long_is_not_begun() -> None:
    """Whoever asks for more patience than there is gets none: the caller hears at once."""
    limited = http({"success": False, "status_code": 25}, status=429, headers={"Retry-After": "60"})
    started = time.monotonic()
    error, arrived = await met(tmdb.validate_key(), limited)
    assert time.monotonic() - started < 1
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 60
    assert arrived == 1


async def test_time_spent_before_sending_leaves_nothing_behind() -> None:
    """A request that never got its turn was never sent: nothing can have been made."""
    async with Scripted(GUEST) as server:
        manager = SessionManager(
            BearerToken(TOKEN), service=TMDB.at(server.url), timeout_s=0.1, close_timeout_s=0.1, max_rate=0.1
        )
        async with manager:
            await manager.ask(tmdb.validate_key())
            with pytest.raises(TimedOut) as caught:
                await manager.ask(tmdb.validate_with_login(SECRET, "ada", SECRET))
            assert not caught.value.may_have_created
            assert len(server.arrived) == 1


async def test_a_cancel_passes_as_it_is() -> None:
    """Whoever is cancelled while asking sees a `CancelledError`, nothing else."""
    calls: list[Call[Any]] = [tmdb.validate_key(), tmdb.create_session(SECRET)]
    async with Scripted(Act.HANG) as server, managed(server) as manager:
        for call in calls:
            task = asyncio.create_task(manager.ask(call))
            while not server.arrived:
                await asyncio.sleep(0)
            task.cancel("enough")
            with pytest.raises(asyncio.CancelledError):
                await task
            assert task.cancelled()
            server.arrived.clear()


async def test_a_timeout_of_the_callers_own_works() -> None:
    """`asyncio.timeout` around an ask ends it as `TimeoutError`, and the task goes on."""
    calls: list[Call[Any]] = [tmdb.validate_key(), tmdb.create_session(SECRET)]
    async with Scripted(Act.HANG) as server, managed(server) as manager:
        for call in calls:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await manager.ask(call)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0


async def test_a_cancel_between_tries_passes_as_it_is() -> None:
    """A wait between two tries is left at once."""
    limited = http({"success": False, "status_code": 25}, status=429, headers={"Retry-After": "4"})
    async with Scripted(limited) as server, managed(server) as manager:
        task = asyncio.create_task(manager.ask(tmdb.validate_key()))
        while not server.arrived:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@attrs.define
class Fetching:
    """A credential that is fetched: a wrong one first."""

    fetched: int = 0

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Hand out the next one."""
        self.fetched += 1
        return Fetched(BearerToken(f"{TOKEN}-{self.fetched}"), 3600)


async def test_a_renewed_credential_makes_the_time_no_longer() -> None:
    """A refusal that came late leaves the second try what is left of the time."""
    app = Fetching()
    async with FakeTMDB() as fake:
        fake.fail("delay", delay_s=0.3)
        fake.fail("hang")
        manager = SessionManager(app, service=TMDB.at(fake.url), timeout_s=0.5, close_timeout_s=0.1, retries=0)
        async with manager:
            started = time.monotonic()
            with pytest.raises(TimedOut):
                await manager.post("/3/movie/5/rating", json={"value": 8})
            assert time.monotonic() - started < 0.75
        assert [request.status for request in fake.requests] == [401, None]


async def test_the_rate_is_kept_in_any_second() -> None:
    """Not even in the first: twenty a second are twenty, one after the other, and whoever comes first is first."""
    async with Scripted(YES) as server:
        manager = SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url), timeout_s=5, max_rate=20)
        async with manager:
            started = time.monotonic()
            answered: list[float] = []

            async def ask() -> None:
                await manager.get("/3/account")
                answered.append(time.monotonic() - started)

            await asyncio.gather(*(ask() for _ in range(26)))
        assert answered[-1] >= 26 / 20 - 0.1
        assert sum(at < 0.95 for at in answered) <= 20


async def test_a_turn_is_waited_for_to_the_end_and_once() -> None:
    """Whoever comes last in the time gets an answer; the others hear that nothing was sent, and it is no repeat."""
    async with Scripted(YES) as server:
        manager = SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url), timeout_s=1, max_rate=8)
        async with manager:
            results = await asyncio.gather(*(manager.get("/3/account") for _ in range(12)), return_exceptions=True)
            assert manager.stats().retried == 0
        late = [result for result in results if result != {"success": True}]
        assert [type(result) for result in late] == [TimedOut] * len(late)
        assert all("nothing was sent" in str(result) for result in late)
        assert 4 <= len(late) <= 8
        assert late == results[-len(late) :]
        assert len(server.arrived) == len(results) - len(late)


async def test_a_late_turn_leaves_what_is_left_of_the_time() -> None:
    """Its wait, and a service that hangs then, are one `timeout_s` together."""
    async with Scripted(YES, Act.HANG) as server:
        manager = SessionManager(BearerToken(TOKEN), service=TMDB.at(server.url), timeout_s=0.6, max_rate=4)
        async with manager:
            await manager.get("/3/account")
            started = time.monotonic()
            with pytest.raises(TimedOut, match="no answer in time"):
                await manager.post("/3/account")
            assert 0.5 < time.monotonic() - started < 0.8
        assert len(server.arrived) == 2
