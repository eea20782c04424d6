"""The lanes to the service: nobody is sent beyond them, nobody waits in vain, and none gets lost."""

from __future__ import annotations

import asyncio
import random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tmdb_auth_async import TMDB, BearerToken, SessionManager
from tmdb_auth_async.wire.lanes import AT_ONCE, Lanes


async def take(lanes: Lanes) -> None:
    """Take a lane as a request does."""
    if lanes.free:
        lanes.free -= 1
    else:
        await lanes.wait()


def leave(lanes: Lanes) -> None:
    """Leave it as a request does."""
    lanes.free += 1
    if lanes.waiting:
        lanes.fill_soon()


async def rounds(count: int = 3) -> None:
    """Let the loop come round so often."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_who_came_first_is_first() -> None:
    """A lane that becomes free goes to the first who waits, and to no other."""
    lanes, came = Lanes(1), list[int]()
    await take(lanes)

    async def come(number: int) -> None:
        await take(lanes)
        came.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(come(number))
        await rounds()
        for number in range(3):
            assert len(came) == number
            leave(lanes)
            await rounds()
    assert (came, lanes.free) == ([0, 1, 2], 0)


async def test_who_goes_on_at_once_keeps_the_place() -> None:
    """Who leaves and takes a lane in one step wakes nobody; the next who only leaves does."""
    lanes = Lanes(1)
    await take(lanes)
    waiting = asyncio.ensure_future(take(lanes))
    await rounds()
    leave(lanes)
    await take(lanes)
    await rounds()
    assert not waiting.done()
    leave(lanes)
    await waiting
    assert lanes.free == 0


@pytest.mark.parametrize("given", [False, True], ids=["still waiting", "just given"])
async def test_a_cancelled_wait_takes_no_place(*, given: bool) -> None:
    """Whether it has been given a lane or not: one that is cancelled leaves it to the next."""
    lanes = Lanes(1)
    await take(lanes)
    cancelled, other = (asyncio.ensure_future(take(lanes)) for _ in range(2))
    await rounds()
    if given:
        leave(lanes)
        await rounds(1)  # handed over, and its task has not run yet
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    if not given:
        leave(lanes)
    await other
    leave(lanes)
    assert (lanes.free, len(lanes.waiting)) == (1, 0)


async def test_a_wait_that_is_thrown_away_takes_no_place() -> None:
    """One whose steps are taken by hand, and left in the midst, is not handed a lane that nobody would give back."""
    lanes = Lanes(1)
    await take(lanes)
    waiting = take(lanes)
    waiting.send(None)
    with pytest.raises(asyncio.CancelledError):
        waiting.throw(asyncio.CancelledError())
    leave(lanes)
    lanes.fill_soon()
    await rounds()
    assert lanes.free == 1


def test_a_place_that_is_left_where_no_loop_runs_is_free() -> None:
    """A request that is thrown away after its loop has ended gives its lane back without a word."""
    lanes = Lanes(0)

    async def wait() -> None:
        await lanes.wait()

    waiting = wait()
    loop = asyncio.new_event_loop()
    task = loop.create_task(waiting)
    loop.run_until_complete(rounds())
    leave(lanes)  # no loop runs now
    assert lanes.free == 1
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()
    assert lanes.free == 1


async def test_lanes_serve_the_next_loop_too() -> None:
    """A loop that ended before it could hand over keeps nobody of the next one waiting."""
    lanes = Lanes(1)

    def begin_elsewhere() -> None:
        loop = asyncio.new_event_loop()

        async def begin() -> None:
            lanes.fill_soon()

        loop.run_until_complete(begin())
        loop.close()

    await asyncio.to_thread(begin_elsewhere)
    await take(lanes)
    waiting = asyncio.ensure_future(take(lanes))
    await rounds()
    leave(lanes)
    await asyncio.wait_for(waiting, 10)


class Holding:
    """A service that holds what it is asked until it is let go."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.full = asyncio.Event()
        self.go = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer once that is allowed."""
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now == AT_ONCE:
            self.full.set()
        try:
            await self.go.wait()
        finally:
            self.now -= 1
        return web.json_response({"path": request.path})


async def test_as_many_are_on_their_way_as_there_are_connections() -> None:
    """Two hundred requests at once: a hundred arrive, the others when those are answered; cancels lose no lane."""
    holding = Holding()
    app = web.Application()
    app.router.add_get("/3/x", holding.answer)
    chosen = random.Random(7)
    async with (
        asyncio.timeout(60),
        TestServer(app) as server,
        SessionManager(BearerToken("t"), service=TMDB.at(str(server.make_url("/")))) as manager,
    ):
        tasks = [asyncio.ensure_future(manager.get("/3/x")) for _ in range(2 * AT_ONCE)]
        await holding.full.wait()
        await rounds()
        assert holding.now == AT_ONCE
        for task in chosen.sample(tasks, AT_ONCE):
            task.cancel()
        holding.go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(result == {"path": "/3/x"} for result in results) == AT_ONCE
        assert sum(isinstance(result, asyncio.CancelledError) for result in results) == AT_ONCE
        holding.go.clear()
        holding.full.clear()
        tasks = [asyncio.ensure_future(manager.get("/3/x")) for _ in range(AT_ONCE)]
        await holding.full.wait()
        holding.go.set()
        await asyncio.gather(*tasks)
