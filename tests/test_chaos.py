"""Chaos: whatever fails, and whenever a scope is cancelled, no knowable session stays."""

import asyncio
import random
from itertools import product

import pytest

from tests.chaos import plain, run_scopes, scenario
from tmdb_auth_async import AuthError, Password, RequestTokenLogin
from tmdb_auth_async.testing import FakeTMDB

LOGIN = RequestTokenLogin(Password("ada", "secret"))

STEPS = (
    "/3/authentication/token/new",
    "/3/authentication/token/validate_with_login",
    "/3/authentication/session/new",
    "/3/account",
    "/3/authentication/session",
)
FAULTS = ("status", "reset", "lost answer", "hang", "drip", "html", "garbage", "truncated", "delay")
UNKNOWABLE = {"lost answer", "truncated"}


@pytest.mark.parametrize("name", ["one cancel", "two cancels", "apart", "pool"])
async def test_scopes_cancelled_at_random_moments_leave_nothing(name: str) -> None:
    """A block cancelled at any moment, once or twice, on a small pool or not, ends cancelled and leaves no session."""
    outcome = await scenario(name, 600, seed=7)
    assert (outcome.live_after, outcome.wrong, outcome.stats.open_now) == (0, 0, 0)
    assert outcome.endings["cancelled"] > 100


async def test_timeouts_shorter_than_the_slow_tail_leave_nothing() -> None:
    """A login that timed out is closed when its answer comes after all."""
    outcome = await scenario("slow tail", 600, seed=7)
    assert outcome.endings["TimedOut"] > 0
    assert (outcome.live_after, outcome.stats.possibly_lost, outcome.stats.open_now) == (0, 0, 0)


async def test_with_faults_only_lost_answers_leave_sessions() -> None:
    """What stays after resets, hangs, garbage and lost answers is at most what was counted as possibly lost."""
    outcome = await scenario("faults", 600, seed=7)
    assert outcome.live_after <= outcome.stats.possibly_lost
    assert (outcome.wrong, outcome.stats.open_now) == (0, 0)


@pytest.mark.parametrize(("path", "fault"), list(product(STEPS, FAULTS)))
async def test_every_fault_at_every_step_under_cancels(path: str, fault: str) -> None:
    """Each fault at each step of the cycle, cancelled at random moments or not, leaves what it must and no more."""
    rng = random.Random(f"{path} {fault}")
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        async with plain(fake, timeout_s=0.25, close_timeout_s=2.0) as manager:

            async def scope() -> None:
                async with manager.session(LOGIN) as session:
                    await session.get("/3/account")

            for moment in (None, *(rng.uniform(0, 0.03) for _ in range(5))):
                fake.fail(fault, path=path, times=1, delay_s=0.005)  # type: ignore[arg-type]  # names of the fake's own faults
                task = asyncio.create_task(scope())
                if moment is not None:
                    asyncio.get_running_loop().call_later(moment, task.cancel)
                await asyncio.wait({task})
                if task.cancelled():
                    assert moment is not None
                elif (error := task.exception()) is not None:
                    assert isinstance(error, AuthError)
                fake.heal()
        stats = manager.stats()
        assert stats.open_now == 0
        knowable = path != "/3/authentication/session/new" or fault not in UNKNOWABLE
        assert len(fake.sessions) <= (0 if knowable else stats.possibly_lost)


async def test_a_sibling_that_fails_in_a_task_group_leaves_nothing() -> None:
    """Sessions whose awaiters a task group cancels are closed before the manager ends."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        async with plain(fake) as manager:
            entered = asyncio.Event()

            async def scope() -> None:
                async with manager.session(LOGIN):
                    entered.set()
                    await asyncio.Event().wait()

            async def sibling() -> None:
                await entered.wait()
                raise LookupError

            with pytest.raises(ExceptionGroup):
                async with asyncio.TaskGroup() as group:
                    for _ in range(20):
                        group.create_task(scope())
                    group.create_task(sibling())
        assert manager.stats().open_now == len(fake.sessions) == 0


async def test_ten_thousand_is_the_same_by_hand() -> None:
    """The runner that is used by hand for large numbers works: it counts every scope once."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        async with plain(fake) as manager:
            endings, wrong = await run_scopes(fake, manager, count=50, seed=1)
    assert endings.total() == 50
    assert wrong == 0
