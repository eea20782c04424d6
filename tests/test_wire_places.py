"""The places on the way: nobody is sent beyond them, nobody waits in vain, and none gets lost."""

from __future__ import annotations

import asyncio
import random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tmdb_auth_async import TMDB, BearerToken, SessionManager
from tmdb_auth_async.wire.places import AT_ONCE, Places


async def take(places: Places) -> None:
    """Take a place as a request does."""
    if places.free:
        places.free -= 1
    else:
        await places.wait()


def leave(places: Places) -> None:
    """Leave it as a request does."""
    places.free += 1
    if places.waiting:
        places.fill_soon()


async def rounds(count: int = 3) -> None:
    """Let the loop come round so often."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_who_came_first_is_first() -> None:
    """A place that becomes free goes to the first who waits, and to no other."""
    places, came = Places(1), list[int]()
    await take(places)

    async def come(number: int) -> None:
        await take(places)
        came.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(come(number))
        await rounds()
        for number in range(3):
            assert len(came) == number
            leave(places)
            await rounds()
    assert (came, places.free) == ([0, 1, 2], 0)


async def test_who_goes_on_at_once_keeps_the_place() -> None:
    """Who leaves and takes a place in one step wakes nobody; the next who only leaves does."""
    places = Places(1)
    await take(places)
    waiting = asyncio.ensure_future(take(places))
    await rounds()
    leave(places)
    await take(places)
    await rounds()
    assert not waiting.done()
    leave(places)
    await waiting
    assert places.free == 0


@pytest.mark.parametrize("given", [False, True], ids=["still waiting", "just given"])
async def test_a_cancelled_wait_takes_no_place(*, given: bool) -> None:
    """Whether it has been given a place or not: one that is cancelled leaves it to the next."""
    places = Places(1)
    await take(places)
    cancelled, other = (asyncio.ensure_future(take(places)) for _ in range(2))
    await rounds()
    if given:
        leave(places)
        await rounds(1)  # handed over, and its task has not run yet
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    if not given:
        leave(places)
    await other
    leave(places)
    assert (places.free, len(places.waiting)) == (1, 0)


def test_a_place_that_is_left_where_no_loop_runs_is_free() -> None:
    """A request that is thrown away after its loop has ended gives its place back without a word."""
    places = Places(0)

    async def wait() -> None:
        await places.wait()

    waiting = wait()
    loop = asyncio.new_event_loop()
    task = loop.create_task(waiting)
    loop.run_until_complete(rounds())
    leave(places)  # no loop runs now
    assert places.free == 1
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()
    assert places.free == 1


async def test_places_serve_the_next_loop_too() -> None:
    """A loop that ended before it could hand over keeps nobody of the next one waiting."""
    places = Places(1)

    def begin_elsewhere() -> None:
        loop = asyncio.new_event_loop()

        async def begin() -> None:
            places.fill_soon()

        loop.run_until_complete(begin())
        loop.close()

    await asyncio.to_thread(begin_elsewhere)
    await take(places)
    waiting = asyncio.ensure_future(take(places))
    await rounds()
    leave(places)
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
    """Two hundred requests at once: a hundred arrive, the others when those are answered; cancels lose no place."""
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
