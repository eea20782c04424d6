"""A renewal before its time that fails takes nothing away: the credential in hand serves until its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import attrs
import pytest

from tmdb_auth_async import NoAnswer, SessionManager
from tmdb_auth_async.asking import asker, signer
from tmdb_auth_async.errors import ServiceDown
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import ClientCredentials, ZitadelLogin, search_sessions

from .zitadel_asking import TOKEN, managed, tokens

LIFE_S, MARGIN_S = 3600, 60


@attrs.define
class Clock:
    """The program's clock, which is moved on by hand."""

    ahead_s: float = 0.0

    def now(self) -> float:
        """Return the time, as `monotonic` does."""
        return time.monotonic() + self.ahead_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Move on the clock by which the program's credential ages."""
    clock = Clock()
    for module in (signer, asker):
        monkeypatch.setattr(module, "monotonic", clock.now)
    return clock


@asynccontextmanager
async def program(fake: FakeZitadel) -> AsyncGenerator[SessionManager]:
    """Give a manager whose credential has been fetched, for `LIFE_S` seconds."""
    fake.add_user("ada", "secret")
    fake._state.token_lifetime_s = LIFE_S  # noqa: SLF001  # the fixture serves one whose tokens live half a day
    machine = fake.add_machine()
    app = ClientCredentials(machine.client_id, machine.client_secret)
    async with managed(fake, app, retries=0, close_timeout_s=2) as manager:
        await manager.ask(search_sessions())
        yield manager


async def renewed(manager: SessionManager) -> None:
    """Wait until the renewal that is under way is over, however it ends."""
    fetching = manager._parts._signer._fetching  # noqa: SLF001  # nobody else waits for it
    assert fetching is not None
    await asyncio.wait({fetching})


@pytest.mark.parametrize("status", [503, 429, 401])
async def test_a_failed_early_renewal_fails_no_request_and_no_close(
    fake_zitadel: FakeZitadel, clock: Clock, status: int
) -> None:
    """The token still has a minute to live: requests are signed with it, and the session is deleted."""
    async with program(fake_zitadel) as manager:
        async with manager.session(ZitadelLogin("ada", password="secret")):
            fake_zitadel.fail(status=status, path=TOKEN, times=None)
            clock.ahead_s = LIFE_S - MARGIN_S
            found = await manager.ask(search_sessions())
            assert len(found) == 1
            await renewed(manager)
        assert tokens(fake_zitadel) == [200, status]
        assert not fake_zitadel.sessions
        assert manager.stats().open_now == 0


async def test_an_early_renewal_that_hangs_keeps_nobody_waiting(fake_zitadel: FakeZitadel, clock: Clock) -> None:
    """And whoever asks once the token is over waits for the same renewal."""
    async with program(fake_zitadel) as manager:
        clock.ahead_s = LIFE_S - MARGIN_S
        with fake_zitadel.hold(TOKEN) as gate:
            for _ in range(3):
                assert await manager.ask(search_sessions()) == ()
            await gate.reached()
        clock.ahead_s = LIFE_S
        assert await manager.ask(search_sessions()) == ()
    assert tokens(fake_zitadel) == [200, 200]


async def test_a_token_at_its_end_is_not_used(fake_zitadel: FakeZitadel, clock: Clock) -> None:
    """Then the renewal that fails is what the request fails by."""
    async with program(fake_zitadel) as manager:
        fake_zitadel.fail(status=503, path=TOKEN, times=None)
        clock.ahead_s = LIFE_S
        with pytest.raises(ServiceDown):
            await manager.ask(search_sessions())


async def test_a_token_that_was_refused_is_not_used_again(fake_zitadel: FakeZitadel, clock: Clock) -> None:
    """Its end by the clock is far away, but the service has ended it."""
    async with program(fake_zitadel) as manager:
        fake_zitadel.revoke_access_tokens()
        fake_zitadel.fail(status=503, path=TOKEN, times=None)
        for count in (2, 3):
            with pytest.raises(NoAnswer):
                await manager.ask(search_sessions())
            assert len(tokens(fake_zitadel)) == count
    assert clock.ahead_s == 0


async def test_a_failed_early_renewal_is_not_tried_at_every_request(fake_zitadel: FakeZitadel, clock: Clock) -> None:
    """It is again when half of what was left is over."""
    async with program(fake_zitadel) as manager:
        fake_zitadel.fail(status=401, path=TOKEN, times=None)
        clock.ahead_s = LIFE_S - MARGIN_S
        for count in (1, 2):
            await manager.ask(search_sessions())
            await renewed(manager)
            for _ in range(5):
                await manager.ask(search_sessions())
            assert len(tokens(fake_zitadel)) == 1 + count
            clock.ahead_s += MARGIN_S / 2 + 1
