"""A test can wait for a fake's requests, and let them wait."""

from __future__ import annotations

import asyncio

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import CONFIGURATION, GUEST_NEW, ask


async def test_a_held_request_waits_before_it_is_carried_out(fake_tmdb: FakeTMDB) -> None:
    """A gate holds its path's requests, nothing is done meanwhile, and others pass."""
    with fake_tmdb.hold(GUEST_NEW) as gate:
        held = [asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW)) for _ in range(2)]
        await gate.reached(2)
        assert not fake_tmdb.guest_sessions
        assert (await ask(fake_tmdb, "GET", CONFIGURATION)).status == 200
    assert [(await one).status for one in held] == [200, 200]
    assert len(fake_tmdb.guest_sessions) == 2
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200


async def test_a_held_answer_waits_after_it_is_carried_out(fake_tmdb: FakeTMDB) -> None:
    """With carried_out the work is done and only its answer waits."""
    gate = fake_tmdb.hold(GUEST_NEW, method="GET", carried_out=True)
    held = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await gate.reached()
    assert len(fake_tmdb.guest_sessions) == 1
    assert not held.done()
    gate.release()
    assert (await held).status == 200


async def test_a_held_request_is_carried_out_although_its_client_left(fake_tmdb: FakeTMDB) -> None:
    """A server does not know that nobody listens any more: the session is opened."""
    gate = fake_tmdb.hold(GUEST_NEW)
    held = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await gate.reached()
    held.cancel()
    await asyncio.wait([held])
    gate.release()
    async with asyncio.timeout(2):
        while not fake_tmdb.guest_sessions:
            await asyncio.sleep(0)
    assert len(fake_tmdb.guest_sessions) == 1


async def test_arrivals_can_be_waited_for(fake_tmdb: FakeTMDB) -> None:
    """A test learns of a request at once, early or late, by path, template and method."""
    waiting = asyncio.create_task(fake_tmdb.arrived("/3/movie/{movie_id}", count=2))
    assert (await ask(fake_tmdb, "GET", "/3/movie/1")).status == 200
    assert not waiting.done()
    assert (await ask(fake_tmdb, "GET", "/3/movie/2")).status == 200
    await waiting
    await fake_tmdb.arrived("/3/movie/2", method="GET")
    await ask(fake_tmdb, "GET", "/3/account/123")
    await fake_tmdb.arrived("/3/account/123")
    await fake_tmdb.arrived("/3/account/{account_id}")


async def test_what_does_not_arrive_is_not_waited_for_forever(fake_tmdb: FakeTMDB) -> None:
    """The wait ends with how many came, and is forgotten."""
    with pytest.raises(TimeoutError, match="0 of 1 requests"):
        await fake_tmdb.arrived(GUEST_NEW, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        await fake_tmdb.hold(GUEST_NEW).reached(timeout_s=0.01)


async def test_the_log_can_be_begun_anew(fake_tmdb: FakeTMDB) -> None:
    """Clearing the list forgets what came, also of a request not answered yet."""
    gate = fake_tmdb.hold(GUEST_NEW)
    held = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await fake_tmdb.arrived(GUEST_NEW)
    assert [(one.path, one.status) for one in fake_tmdb.requests] == [(GUEST_NEW, None)]
    fake_tmdb.requests.clear()
    gate.release()
    await held
    assert not fake_tmdb.requests


async def test_the_clock_goes_only_forward(fake_tmdb: FakeTMDB) -> None:
    """Advancing by less than nothing is refused."""
    with pytest.raises(ValueError, match="forward"):
        fake_tmdb.advance(seconds=-1)


async def test_latency_is_added_to_every_answer() -> None:
    """Requests wait side by side for as long as the fake was told."""
    clock = asyncio.get_running_loop().time
    async with FakeTMDB(latency_s=0.05) as fake:
        begun = clock()
        await asyncio.gather(*(ask(fake, "GET", GUEST_NEW) for _ in range(100)))
        assert 0.05 <= clock() - begun < 2.5
