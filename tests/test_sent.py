"""A request on its way: its steps are taken by whoever waits, and by the next when that one leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tmdb_auth_async import Request
from tmdb_auth_async.asking import Sent
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.values import Response

ANSWER = Response(200, b"{}")


def sent(sending: Callable[[], Awaitable[object]], *, ends: list[str] | None = None) -> Sent:
    """Return a request whose sending awaits *sending* and answers; how it ended is written into *ends*."""

    async def send() -> Response:
        try:
            await sending()
        except asyncio.CancelledError:
            if ends is not None:
                ends.append("cancelled")
            raise
        return ANSWER

    return Sent(Signed(Request("POST", "/3/x")), send(), started=0.0)


async def here(request: Sent) -> Response | None:
    """Wait for it, as whoever may leave does."""
    await request.here()
    return request.response


@pytest.mark.parametrize(
    "sending",
    [
        lambda: asyncio.sleep(0),
        lambda: asyncio.sleep(0.01),
        lambda: asyncio.wait_for(asyncio.sleep(0.01), 5),
        lambda: asyncio.gather(asyncio.sleep(0), asyncio.sleep(0.01)),
        lambda: asyncio.create_task(asyncio.sleep(0.01)),
    ],
    ids=["a turn", "a timer", "a task's", "several", "a task"],
)
async def test_its_steps_are_taken_in_the_waiting_task(sending: Callable[[], Awaitable[object]]) -> None:
    """Whatever it waits for, it comes to its answer."""
    assert await here(sent(sending)) is ANSWER
    assert await sent(sending).answer() is ANSWER


async def test_what_never_waits_is_answered_at_once() -> None:
    """Not a turn of the loop is lost, and asking again gives the same."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ready.set_result(None)
    turned: list[str] = []
    asyncio.get_running_loop().call_soon(turned.append, "a turn")
    request = sent(lambda: ready)
    assert await here(request) is ANSWER
    assert not turned
    assert await request.answer() is ANSWER


async def test_a_cancel_leaves_it_on_its_way() -> None:
    """Nothing of it hears of a cancel; the next who waits takes the steps that are left."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ends: list[str] = []
    request = sent(lambda: gate, ends=ends)
    for _ in range(3):
        task = asyncio.create_task(here(request))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
    answer = asyncio.create_task(request.answer())
    await asyncio.sleep(0)
    assert not answer.done()
    gate.set_result(None)
    assert await answer is ANSWER
    assert not ends


async def test_a_cancel_between_two_turns_leaves_it_on_its_way() -> None:
    """The same where it waits for a turn of the loop alone."""
    request = sent(lambda: asyncio.sleep(0))
    task = asyncio.create_task(here(request))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert await request.answer() is ANSWER


async def test_a_cancel_of_the_last_who_waits_ends_it() -> None:
    """Whoever waits for the answer and is cancelled takes the sending along."""
    ends: list[str] = []
    request = sent(lambda: asyncio.sleep(60), ends=ends)
    answer = asyncio.create_task(request.answer())
    await asyncio.sleep(0)
    answer.cancel()
    await asyncio.wait({answer})
    assert answer.cancelled()
    assert ends == ["cancelled"]


async def test_one_that_will_not_end_is_closed() -> None:
    """A sending that goes on waiting when it is cancelled is closed and holds nobody up."""

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    request = sent(stubborn)
    answer = asyncio.create_task(request.answer())
    await asyncio.sleep(0)
    answer.cancel()
    await asyncio.wait({answer}, timeout=1)
    assert answer.cancelled()


async def test_who_leaves_may_come_back() -> None:
    """Told to leave, whoever waits goes on with no answer; it is there for the next."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = sent(lambda: gate)
    task = asyncio.create_task(here(request))
    await asyncio.sleep(0)
    request.leave()
    assert await task is None
    gate.set_result(None)
    assert await request.answer() is ANSWER


async def test_what_it_fails_with_is_for_who_asks_for_the_answer() -> None:
    """Whoever may leave finds no answer; whoever asks for it gets the error."""

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("own")

    request = sent(fails)
    assert await here(request) is None
    with pytest.raises(ValueError, match="own"):
        await request.answer()


async def test_what_cancels_itself_is_cancelled() -> None:
    """A sending whose own wait was cancelled by others is a cancel to all who wait for it."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = sent(lambda: gate)
    task = asyncio.create_task(here(request))
    await asyncio.sleep(0)
    gate.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    with pytest.raises(asyncio.CancelledError):
        await request.answer()


async def test_what_it_waits_for_may_be_awaited_by_others() -> None:
    """A future that two wait for serves both."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(here(sent(lambda: gate)))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.01, gate.set_result, None)
    await gate
    assert await task is ANSWER


async def test_an_error_of_what_it_waits_for_is_the_sendings() -> None:
    """The sending meets it where it waits, and may live with it."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def careful() -> None:
        with pytest.raises(LookupError):
            await gate

    task = asyncio.create_task(here(sent(careful)))
    await asyncio.sleep(0)
    gate.set_exception(LookupError())
    assert await task is ANSWER


async def test_a_cancel_that_comes_with_the_answer_is_a_cancel() -> None:
    """Whoever is cancelled as the answer comes is cancelled; the answer is there for the next."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = sent(lambda: gate)
    task = asyncio.create_task(here(request))
    await asyncio.sleep(0)
    gate.set_result(None)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert await request.answer() is ANSWER


async def test_a_wait_that_is_dropped_lets_go() -> None:
    """A waiting coroutine that is closed ends there and then."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = sent(lambda: gate)
    waiting = here(request)
    waiting.send(None)
    waiting.close()
    gate.set_result(None)
    assert await request.answer() is ANSWER
