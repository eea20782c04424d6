"""A scoped session: open inside its block, gone behind it, and the block's own error first."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tmdb_auth_async import (
    LoginRefused,
    Password,
    RequestTokenLogin,
    SessionClosed,
    SessionManager,
)
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import ADA, DELETE, managed


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


async def test_a_scope_that_is_open_is_not_entered(fake: FakeTMDB) -> None:
    """A second entry meanwhile is refused, and touches neither the first session nor the service."""
    async with managed(fake) as manager:
        scope = manager.session(ADA)
        async with scope as session:
            with pytest.raises(SessionClosed, match="open already"):
                await scope.__aenter__()
            assert fake.sessions == {session.id}
        assert not fake.sessions


@pytest.mark.parametrize("journal", [False, True])
async def test_what_goes_well_makes_no_task(fake: FakeTMDB, tmp_path: Path, journal: bool) -> None:  # noqa: FBT001  # pytest gives it
    """A login by password opens and closes in the block's own task; one of the manager's begins with a cancel only."""
    store = SQLiteStore(tmp_path / "sessions.db") if journal else None
    async with managed(fake, store=store) as manager:
        loop = asyncio.get_running_loop()
        made: list[str] = []

        def make(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
            made.append(work.__qualname__)
            return asyncio.Task(work, loop=loop, **options)

        loop.set_task_factory(make)
        async with manager.session(ADA):
            pass
        ours = [name for name in made if name.partition(".")[0] in {"Opening", "Creation", "Closer"}]
        assert not ours
        with fake.hold(DELETE, method="DELETE") as gate:
            scope = manager.session(ADA)
            await scope.__aenter__()
            leaving = asyncio.create_task(scope.__aexit__(None, None, None))
            await gate.reached()
            leaving.cancel()
        await asyncio.wait({leaving})
        assert "Closer._close" in made
    assert not fake.sessions
