"""Requests of a login at ZITADEL that are cancelled, late or lost: no session is left by any."""

from __future__ import annotations

import asyncio

import pytest

from tmdb_auth_async import (
    NoAnswer,
    TimedOut,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import create_session

from .zitadel_asking import SECRET, ask, managed
from .zitadel_logins import ONE, PASSWORD, SESSIONS, coded


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada, who has one-time codes."""
    fake_zitadel.add_user("ada", "secret", SECRET)
    return fake_zitadel


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_cancel_during_the_second_request_leaves_nothing(fake: FakeZitadel, *, carried_out: bool) -> None:
    """Before it is carried out or after: it is read to its end, and the session terminated by its latest token."""
    async with managed(fake) as manager:
        with fake.hold(ONE, method="PATCH", carried_out=carried_out) as gate:
            entering = asyncio.create_task(manager.session(coded(fake)).__aenter__())
            await gate.reached()
            entering.cancel()
            with pytest.raises(asyncio.CancelledError):
                await entering
    assert not fake.sessions
    assert [one.status for one in fake.requests] == [201, 200, 200]


async def test_a_set_whose_answer_was_lost_leaves_nothing(fake: FakeZitadel) -> None:
    """Its token is not known: the one before is refused, and the app's own right ends the session."""
    async with managed(fake) as manager:
        fake.fail("lost answer", method="PATCH")
        with pytest.raises(NoAnswer) as raised:
            async with manager.session(coded(fake)):
                pass
        assert not raised.value.may_have_created
        assert manager.stats().possibly_lost == 0
    assert not fake.sessions
    assert [one.status for one in fake.requests if one.method != "POST"] == [None, 403, 200]


async def test_a_set_is_repeated_when_nothing_was_done(fake: FakeZitadel) -> None:
    """On a 503 and on a 429, and not after a reset."""
    async with managed(fake) as manager:
        for status in (503, 429):
            fake.fail(status=status, method="PATCH")
        async with manager.session(coded(fake)):
            pass
        assert manager.stats().retried == 2
        fake.fail("reset", method="PATCH")
        with pytest.raises(NoAnswer):
            async with manager.session(coded(fake)):
                pass
        assert manager.stats().retried == 2
    assert not fake.sessions


async def test_a_create_whose_answer_was_lost_says_so(fake: FakeZitadel) -> None:
    """It is not repeated; a search by its creator finds it."""
    async with managed(fake) as manager:
        fake.fail("lost answer", path=SESSIONS)
        with pytest.raises(NoAnswer) as raised:
            async with manager.session(PASSWORD):
                pass
        assert raised.value.may_have_created
        assert manager.stats().possibly_lost == 1
    assert len(fake.sessions) == 1


async def test_a_create_that_is_late_is_closed_when_it_comes(fake: FakeZitadel) -> None:
    """Whoever waited is told after timeout_s; the session is not lost."""
    async with managed(fake, timeout_s=0.2) as manager:
        with fake.hold(SESSIONS, carried_out=True) as gate:
            with pytest.raises(TimedOut):
                async with manager.session(PASSWORD):
                    pass
            assert len(fake.sessions) == 1
            assert gate.waiting == 1
    assert not fake.sessions


async def test_what_is_created_by_hand_and_not_taken_is_closed(fake: FakeZitadel) -> None:
    """A cancelled `manager.ask` of a create leaves nothing; one that is answered is the asker's."""
    async with managed(fake) as manager:
        with fake.hold(SESSIONS, carried_out=True) as gate:
            asking = asyncio.create_task(manager.ask(create_session(login_name="ada", password="secret")))
            await gate.reached()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        made = await manager.ask(create_session(login_name="ada"))
    assert fake.sessions == {made.session_id}
    assert (await ask(fake, "DELETE", f"{SESSIONS}/{made.session_id}")).status == 200
