"""Chaos at ZITADEL: scopes cancelled at random moments, and whatever fails meanwhile, leave no session."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from itertools import product

import pytest

from tmdb_auth_async import AuthError, BearerToken, SessionManager
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.faults import FaultKind
from tmdb_auth_async.zitadel import ClientCredentials, ZitadelLogin

from .zitadel_asking import SECRET, managed

ONE = "/v2/sessions/{session_id}"
STEPS = (("POST", "/v2/sessions"), ("PATCH", ONE), ("GET", ONE), ("DELETE", ONE))
FAULTS: tuple[FaultKind, ...] = ("status", "reset", "lost answer", "hang", "html", "garbage", "truncated")
UNKNOWABLE = {"lost answer", "truncated"}


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


def _login(fake: FakeZitadel, kind: str) -> ZitadelLogin:
    if kind == "password":
        return ZitadelLogin("ada", password="secret")

    async def give() -> str:
        await asyncio.sleep(0)
        return fake.totp_code("ada")

    return ZitadelLogin("ada", password="secret", totp=give)


async def _scope(manager: SessionManager, login: ZitadelLogin) -> None:
    async with manager.session(login) as session:
        await session.get(ONE)


@pytest.mark.parametrize("kind", ["password", "password and code"])
async def test_500_scopes_cancelled_at_random_leave_none(fake: FakeZitadel, kind: str) -> None:
    """In one step or in two, by a caller that may only create: nothing is left when the last scope is over."""
    rng = random.Random(kind)
    login = _login(fake, kind)
    endings: Counter[str] = Counter()
    turns = asyncio.Semaphore(64)
    app = BearerToken(fake.add_caller(["session.write"]))
    async with managed(fake, app) as manager:

        async def one(moment: float) -> None:
            async with turns:
                task = asyncio.create_task(_scope(manager, login))
                timer = asyncio.get_running_loop().call_later(moment, task.cancel)
                await asyncio.wait({task})
                timer.cancel()
                endings["cancelled" if task.cancelled() else type(task.exception()).__name__] += 1

        await asyncio.gather(*(one(rng.uniform(0, 0.1)) for _ in range(500)))
        while manager.stats().open_now:
            await asyncio.sleep(0.01)
        assert not fake.sessions
    assert endings.keys() <= {"cancelled", "NoneType"}
    assert endings["cancelled"] > 50
    assert sum(one.method == "POST" for one in fake.requests) > 200


@pytest.mark.parametrize(("step", "fault"), list(product(STEPS, FAULTS)))
async def test_every_fault_at_every_step(fake: FakeZitadel, step: tuple[str, str], fault: FaultKind) -> None:
    """Uncancelled and cancelled at random moments: what stays is at most what was counted as possibly lost."""
    method, path = step
    rng = random.Random(f"{step} {fault}")
    login = _login(fake, "password and code")
    machine = fake.add_machine()
    app = ClientCredentials(machine.client_id, machine.client_secret)
    async with managed(fake, app, timeout_s=0.15, close_timeout_s=0.8) as manager:
        for moment in (None, *(rng.uniform(0, 0.03) for _ in range(3))):
            fake.fail(fault, method=method, path=path)
            task = asyncio.create_task(_scope(manager, login))
            if moment is not None:
                asyncio.get_running_loop().call_later(moment, task.cancel)
            await asyncio.wait({task})
            if not task.cancelled():
                assert isinstance(task.exception(), AuthError | None)
            fake.heal()
    stats = manager.stats()
    assert stats.open_now == 0
    knowable = method != "POST" or fault not in UNKNOWABLE
    assert len(fake.sessions) <= (0 if knowable else stats.possibly_lost)
