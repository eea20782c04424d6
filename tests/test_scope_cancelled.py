"""A scoped session under cancels and time limits: gone all the same, and nobody's cancel lost."""

from __future__ import annotations

import asyncio

import pytest

from tmdb_auth_async import (
    RequestTokenLogin,
    SessionManager,
    TimedOut,
)
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import APART, CREATE, DELETE, WAYS, managed


@WAYS
async def test_a_cancel_in_the_block_passes_and_the_session_is_gone(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """The block ends cancelled, once its session is deleted."""
    inside = asyncio.Event()

    async def use(manager: SessionManager) -> None:
        async with manager.session(ada):
            inside.set()
            await asyncio.sleep(60)

    async with managed(fake) as manager:
        task = asyncio.create_task(use(manager))
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()
        assert not fake.sessions


@WAYS
@pytest.mark.parametrize("cancels", [1, 2, 5])
async def test_cancels_during_the_close_do_not_stop_it(fake: FakeTMDB, ada: RequestTokenLogin, cancels: int) -> None:
    """However often the block is cancelled while it closes, the delete is sent, read, and then it ends cancelled."""
    leaving = asyncio.Event()

    async def use(manager: SessionManager) -> None:
        async with manager.session(ada):
            leaving.set()

    async with managed(fake) as manager:
        with fake.hold(DELETE, method="DELETE") as gate:
            task = asyncio.create_task(use(manager))
            await gate.reached()
            for _ in range(cancels):
                task.cancel()
                await asyncio.sleep(0)
            assert not task.done()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not fake.sessions


@WAYS
async def test_the_blocks_error_goes_before_a_cancel_during_the_close(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """The error passes first; the cancel comes at the next await, and is not lost."""
    seen: list[str] = []

    async def fail(manager: SessionManager) -> None:
        async with manager.session(ada):
            raise ValueError

    async def use(manager: SessionManager) -> None:
        try:
            await fail(manager)
        except ValueError:
            seen.append("error")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancel")
            raise

    async with managed(fake) as manager:
        with fake.hold(DELETE, method="DELETE") as gate:
            task = asyncio.create_task(use(manager))
            await gate.reached()
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert seen == ["error", "cancel"]


@WAYS
async def test_a_time_limit_around_a_block_that_fails_cancels_nothing_behind_it(
    fake: FakeTMDB, ada: RequestTokenLogin
) -> None:
    """A limit that runs out while the session is closed does not reach past its own block."""
    async with managed(fake) as manager:
        gate = fake.hold(DELETE, method="DELETE")
        asyncio.get_running_loop().call_later(0.3, gate.release)
        with pytest.raises(ValueError, match="own"):
            async with asyncio.timeout(0.15):
                async with manager.session(ada):
                    raise ValueError("own")
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0


@WAYS
async def test_a_time_limit_around_a_block_is_a_timeout(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """`asyncio.timeout` around a scope ends as `TimeoutError`, in the block or its close, with the session gone."""
    async with managed(fake) as manager:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), manager.session(ada):
                await asyncio.sleep(60)
        assert not fake.sessions
        gate = fake.hold(DELETE, method="DELETE")
        asyncio.get_running_loop().call_later(0.2, gate.release)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), manager.session(ada):
                pass
        assert not fake.sessions


@WAYS
async def test_a_cancel_while_opening_leaves_no_session(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """Whoever leaves while the session is made leaves at once; what is made is closed."""
    async with managed(fake) as manager:
        with fake.hold(CREATE, carried_out=True) as gate:
            task = asyncio.create_task(manager.session(ada).__aenter__())
            await gate.reached()
            assert len(fake.sessions) == 1
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(fake.sessions) == 1
        await fake.arrived(DELETE)
    assert not fake.sessions


@WAYS
async def test_a_late_answer_is_closed(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """A login that took too long is a `TimedOut`; the session it made after all is deleted."""
    async with managed(fake, timeout_s=0.3) as manager:
        with fake.hold(CREATE, carried_out=True):
            with pytest.raises(TimedOut) as caught:
                async with manager.session(ada):
                    pass
            assert caught.value.may_have_created
        await fake.arrived(DELETE)
        assert manager.stats().possibly_lost == 0
    assert not fake.sessions


async def test_a_scope_entered_again_keeps_its_session_when_the_first_comes_late(fake: FakeTMDB) -> None:
    """What a cancelled entry makes after all is closed; the session of the next entry stays its own."""
    async with managed(fake) as manager:
        scope = manager.session(APART)
        with fake.hold(CREATE, carried_out=True) as gate:
            task = asyncio.create_task(scope.__aenter__())
            await gate.reached()
            task.cancel()
            await asyncio.wait({task})
            (late,) = fake.sessions
        async with scope as session:
            async with asyncio.timeout(5):
                while late in fake.sessions:
                    await asyncio.sleep(0.01)
            assert fake.sessions == {session.id}
            assert await session.get("/3/account")
        assert not fake.sessions


@WAYS
async def test_what_is_on_its_way_counts_as_lost_until_its_answer_is_there(
    fake: FakeTMDB, ada: RequestTokenLogin
) -> None:
    """Should the loop end now, nobody would ever read it; once it is read, it is closed and counts no more."""
    async with managed(fake) as manager:
        with fake.hold(CREATE) as gate:
            task = asyncio.ensure_future(manager.session(ada).__aenter__())
            await gate.reached()
            task.cancel()
            await asyncio.wait({task})
            assert manager.stats().possibly_lost == 1
    assert manager.stats().possibly_lost == 0
    assert not fake.sessions
