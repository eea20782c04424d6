"""A scoped session: open inside its block, gone behind it, and the block's own error first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    LoginRefused,
    Password,
    RequestTokenLogin,
    SessionClosed,
    SessionManager,
    TimedOut,
)
from tmdb_auth_async.testing import FakeTMDB

ADA = RequestTokenLogin(Password("ada", "secret"))
DELETE = "/3/authentication/session"
CREATE = "/3/authentication/session/new"


@pytest.fixture
async def fake() -> AsyncIterator[FakeTMDB]:
    """Serve a TMDB where ada has an account."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        yield fake


def managed(fake: FakeTMDB, *, close_timeout_s: float = 2.0, timeout_s: float = 30.0) -> SessionManager:
    """Return a manager of that TMDB."""
    app = BearerToken(fake.read_access_token)
    return SessionManager(app, service=TMDB.at(fake.url), close_timeout_s=close_timeout_s, timeout_s=timeout_s)


async def test_a_session_lives_as_long_as_its_block(fake: FakeTMDB) -> None:
    """Inside, the service knows it; behind, it does not, before anything else happens."""
    async with managed(fake) as manager:
        async with manager.session(ADA) as session:
            assert fake.sessions == {session.id}
            assert not session.closed
        assert session.closed
        assert not fake.sessions
        with pytest.raises(SessionClosed):
            await session.get("/3/account")


async def test_the_blocks_own_error_passes(fake: FakeTMDB) -> None:
    """The session is gone, the error is the block's, untouched."""
    error = ValueError("own")
    async with managed(fake) as manager:
        with pytest.raises(ValueError, match="own") as caught:
            async with manager.session(ADA):
                raise error
        assert not fake.sessions
    assert caught.value is error
    assert (error.__cause__, error.__context__) == (None, None)


async def test_a_failing_close_does_not_hide_the_blocks_error(fake: FakeTMDB) -> None:
    """Whatever becomes of the delete, the error is the block's; the delete is repeated."""
    fake.fail(times=2, status=500, path=DELETE)
    async with managed(fake) as manager:
        with pytest.raises(ValueError, match="own"):
            async with manager.session(ADA):
                raise ValueError("own")
        assert not fake.sessions


async def test_a_failing_close_says_nothing(fake: FakeTMDB) -> None:
    """A block that went well ends well; the delete is repeated until it works."""
    fake.fail("reset", times=2, path=DELETE)
    async with managed(fake) as manager:
        async with manager.session(ADA):
            pass
        assert not fake.sessions
        assert manager.stats().open_now == 0


async def test_a_failed_login_leaves_nothing_to_close(fake: FakeTMDB) -> None:
    """The error of entering is the strategy's, and no delete is sent."""
    async with managed(fake) as manager:
        with pytest.raises(LoginRefused):
            async with manager.session(RequestTokenLogin(Password("ada", "wrong"))):
                pass
    assert DELETE not in [request.path for request in fake.requests]


async def test_a_cancel_in_the_block_passes_and_the_session_is_gone(fake: FakeTMDB) -> None:
    """The block ends cancelled, once its session is deleted."""
    inside = asyncio.Event()

    async def use(manager: SessionManager) -> None:
        async with manager.session(ADA):
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


@pytest.mark.parametrize("cancels", [1, 2, 5])
async def test_cancels_during_the_close_do_not_stop_it(fake: FakeTMDB, cancels: int) -> None:
    """However often the block is cancelled while it closes, the delete is sent, read, and then it ends cancelled."""
    leaving = asyncio.Event()

    async def use(manager: SessionManager) -> None:
        async with manager.session(ADA):
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


async def test_the_blocks_error_goes_before_a_cancel_during_the_close(fake: FakeTMDB) -> None:
    """The error passes first; the cancel comes at the next await, and is not lost."""
    seen: list[str] = []

    async def fail(manager: SessionManager) -> None:
        async with manager.session(ADA):
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


async def test_a_time_limit_around_a_block_that_fails_cancels_nothing_behind_it(fake: FakeTMDB) -> None:
    """A limit that runs out while the session is closed does not reach past its own block."""
    async with managed(fake) as manager:
        gate = fake.hold(DELETE, method="DELETE")
        asyncio.get_running_loop().call_later(0.3, gate.release)
        with pytest.raises(ValueError, match="own"):
            async with asyncio.timeout(0.15):
                async with manager.session(ADA):
                    raise ValueError("own")
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0


async def test_a_time_limit_around_a_block_is_a_timeout(fake: FakeTMDB) -> None:
    """`asyncio.timeout` around a scope ends as `TimeoutError`, in the block or its close, with the session gone."""
    async with managed(fake) as manager:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), manager.session(ADA):
                await asyncio.sleep(60)
        assert not fake.sessions
        gate = fake.hold(DELETE, method="DELETE")
        asyncio.get_running_loop().call_later(0.2, gate.release)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), manager.session(ADA):
                pass
        assert not fake.sessions


async def test_a_cancel_while_opening_leaves_no_session(fake: FakeTMDB) -> None:
    """Whoever leaves while the session is made leaves at once; what is made is closed."""
    async with managed(fake) as manager:
        with fake.hold(CREATE, carried_out=True) as gate:
            task = asyncio.create_task(manager.session(ADA).__aenter__())
            await gate.reached()
            assert len(fake.sessions) == 1
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(fake.sessions) == 1
        await fake.arrived(DELETE)
    assert not fake.sessions


async def test_a_late_answer_is_closed(fake: FakeTMDB) -> None:
    """A login that took too long is a `TimedOut`; the session it made after all is deleted."""
    async with managed(fake, timeout_s=0.3) as manager:
        with fake.hold(CREATE, carried_out=True):
            with pytest.raises(TimedOut) as caught:
                async with manager.session(ADA):
                    pass
            assert caught.value.may_have_created
        await fake.arrived(DELETE)
        assert manager.stats().possibly_lost == 0
    assert not fake.sessions


async def test_a_block_need_not_wait_for_its_close(fake: FakeTMDB) -> None:
    """With `wait_closed=False` the block ends at once, and the manager sees the close through."""
    async with managed(fake) as manager:
        with fake.hold(DELETE, method="DELETE"):
            async with manager.session(ADA, wait_closed=False) as session:
                pass
            assert session.closed
            assert len(fake.sessions) == 1
    assert not fake.sessions


async def test_a_close_that_takes_too_long_goes_on(fake: FakeTMDB) -> None:
    """Past `close_timeout_s` the block ends in silence, and the manager waits for the rest."""
    async with managed(fake, close_timeout_s=0.2) as manager:
        gate = fake.hold(DELETE, method="DELETE")
        async with manager.session(ADA):
            pass
        assert len(fake.sessions) == 1
        gate.release()
    assert not fake.sessions


async def test_a_session_closed_in_its_block_is_closed_once(fake: FakeTMDB) -> None:
    """`close()` in the block, twice even, sends one delete."""
    async with managed(fake) as manager, manager.session(ADA) as session:
        await session.close()
        await session.close()
        assert session.closed
        assert not fake.sessions
    assert [request.path for request in fake.requests if request.method == "DELETE"] == [DELETE]


async def test_scopes_may_be_nested_and_side_by_side(fake: FakeTMDB) -> None:
    """Each block has a session of its own."""
    async with managed(fake) as manager:
        async with manager.session(ADA) as one, manager.session(ADA) as two:
            assert fake.sessions == {one.id, two.id}
            assert one.id != two.id

        async def use() -> str | None:
            async with manager.session(ADA) as session:
                await asyncio.sleep(0)
                return session.id

        assert len(set(await asyncio.gather(*[use() for _ in range(20)]))) == 20
        assert not fake.sessions


async def test_a_scope_may_be_entered_again(fake: FakeTMDB) -> None:
    """After its block a scope opens another session."""
    async with managed(fake) as manager:
        scope = manager.session(ADA)
        async with scope as first:
            pass
        async with scope as second:
            assert fake.sessions == {second.id}
        assert first.id != second.id
        assert not fake.sessions


async def test_the_manager_closes_what_other_tasks_hold(fake: FakeTMDB) -> None:
    """When the manager ends, sessions of blocks that are still running are deleted, and their use is refused."""
    inside = asyncio.Event()
    ended = asyncio.Event()

    async def use(manager: SessionManager) -> None:
        async with manager.session(ADA) as session:
            inside.set()
            await ended.wait()
            with pytest.raises(SessionClosed):
                await session.get("/3/account")

    async with managed(fake) as manager:
        task = asyncio.create_task(use(manager))
        await inside.wait()
    assert not fake.sessions
    ended.set()
    await task


async def test_after_the_manager_nothing_opens(fake: FakeTMDB) -> None:
    """A closed manager says so in words, and sends nothing."""
    async with managed(fake) as manager:
        pass
    with pytest.raises(SessionClosed):
        async with manager.session(ADA):
            pass
    assert not fake.requests
