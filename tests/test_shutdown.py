"""The end of a manager: what is open is closed, within bounds, whatever ends it."""

import asyncio
import signal
import sys
import textwrap

import pytest

from tests.chaos import plain
from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, Session, SessionClosed, SessionManager
from tmdb_auth_async.stores import MemoryStore
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import WAYS, managed

LOGIN = RequestTokenLogin(Password("ada", "secret"))
SESSION = "/3/authentication/session"


async def _hold(manager: SessionManager, entered: asyncio.Queue[Session], ada: RequestTokenLogin = LOGIN) -> None:
    async with manager.session(ada) as session:
        entered.put_nowait(session)
        await asyncio.Event().wait()


async def test_leaving_the_manager_closes_scopes_of_other_tasks_newest_first(fake: FakeTMDB) -> None:
    """Scopes still open in other tasks are closed as the manager ends, the newest first."""
    async with plain(fake) as manager:
        entered: asyncio.Queue[Session] = asyncio.Queue()
        tasks = [asyncio.create_task(_hold(manager, entered)) for _ in range(5)]
        sessions = [await entered.get() for _ in tasks]
        assert len(fake.sessions) == 5
    assert not fake.sessions
    assert all(session.closed for session in sessions)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)


@WAYS
async def test_a_login_under_way_is_seen_to_its_end(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """A session that is being created as the manager ends is closed too, and who opens it is told so, not cancelled."""
    gate = fake.hold("/3/authentication/session/new", carried_out=True)
    async with plain(fake) as manager:
        task = asyncio.create_task(_hold(manager, asyncio.Queue(), ada))
        await fake.arrived("/3/authentication/session/new")
        ending = asyncio.create_task(manager.aclose())
        await asyncio.sleep(0)
        gate.release()
        await ending
    assert not fake.sessions
    assert manager.stats().possibly_lost == 0
    with pytest.raises(SessionClosed, match="closed meanwhile"):
        await task
    assert task.cancelling() == 0


@WAYS
async def test_a_cancel_beside_the_managers_end_stays_one(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """Whoever is cancelled while the manager ends is cancelled, whichever comes first."""
    for manager_first in (False, True):
        gate = fake.hold("/3/authentication/session/new", carried_out=True)
        manager = managed(fake)
        task = asyncio.create_task(_hold(manager, asyncio.Queue(), ada))
        await fake.arrived("/3/authentication/session/new", count=1 + manager_first)
        if not manager_first:
            task.cancel()
        ending = asyncio.create_task(manager.aclose())
        await asyncio.sleep(0)
        if manager_first:
            task.cancel()
        gate.release()
        await ending
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not fake.sessions


async def test_a_closed_manager_opens_nothing(fake: FakeTMDB) -> None:
    """After its end a manager says so, and closing it twice is fine."""
    async with plain(fake) as manager:
        pass
    await manager.aclose()
    with pytest.raises(SessionClosed, match="manager is closed"):
        await manager.session(LOGIN).__aenter__()
    with pytest.raises(SessionClosed, match="manager is closed"):
        await manager.get("/3/configuration")


async def test_a_cancelled_end_still_ends_everything(fake: FakeTMDB) -> None:
    """Cancelling `aclose` over and over neither stops it nor is swallowed."""
    manager = SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url))
    await manager.login(LOGIN)
    gate = fake.hold(SESSION)
    ending = asyncio.create_task(manager.aclose())
    await fake.arrived(SESSION)
    for _ in range(3):
        ending.cancel()
        await asyncio.sleep(0)
    gate.release()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert not fake.sessions


async def test_a_service_that_is_away_bounds_the_end(fake: FakeTMDB, caplog: pytest.LogCaptureFixture) -> None:
    """When no delete works the manager ends within its close timeout and says how many sessions stay."""
    loop = asyncio.get_running_loop()
    async with plain(fake, close_timeout_s=0.3) as manager:
        await manager.login(LOGIN)
        fake.fail(times=None, status=503, path=SESSION)
        started = loop.time()
    assert loop.time() - started < 1.5
    assert manager.stats().open_now == len(fake.sessions) == 1
    assert "1 sessions stay open" in caplog.text


class Silent(MemoryStore):
    """A durable store that never says what it holds."""

    durable = True

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Wait for ever."""
        del prefix
        self.asked.set()
        await asyncio.Event().wait()
        return ()


async def test_a_cancelled_entry_leaves_nothing(fake: FakeTMDB) -> None:
    """A manager that is cancelled as it is entered has no exit: what it began has ended with it."""
    before, handler = asyncio.all_tasks(), signal.getsignal(signal.SIGTERM)
    store = Silent()
    manager = SessionManager(
        BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=store, ready=2, close_timeout_s=1
    )
    with fake.hold("/3/authentication/token/new"):
        entering = asyncio.create_task(manager.__aenter__())
        await store.asked.wait()
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        assert asyncio.all_tasks() - before <= {entering}
    assert signal.getsignal(signal.SIGTERM) is handler
    with pytest.raises(SessionClosed, match="manager is closed"):
        await manager.get("/3/configuration")


class Stuck(Silent):
    """A durable store that takes what it is given and forgets nothing."""

    async def claim_orphans(self, prefix: str, /) -> tuple[tuple[str, str], ...]:
        """Hold nothing of a dead process."""
        del prefix
        return ()

    async def forget(self, *keys: str) -> None:
        """Wait for ever."""
        del keys
        self.asked.set()
        await asyncio.Event().wait()

    async def aclose(self) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


async def test_a_store_that_does_not_answer_bounds_the_exits(fake: FakeTMDB, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever leaves a scope waits for its journal no longer than for a close, and the manager's end twice that."""
    loop = asyncio.get_running_loop()
    manager = SessionManager(
        BearerToken(fake.read_access_token), service=TMDB.at(fake.url), store=Stuck(), close_timeout_s=0.3
    )
    began = loop.time()
    async with manager.session(LOGIN):
        pass
    assert loop.time() - began < 2
    assert not fake.sessions
    await manager.aclose()
    assert loop.time() - began < 4
    assert "the store does not answer" in caplog.text
    stuck = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in stuck:
        task.cancel()


async def test_deletes_that_fail_for_a_while_hide_nothing_and_are_made_up_for(fake: FakeTMDB) -> None:
    """The block's own error is what the caller sees, and the session goes once the service is back."""
    async with plain(fake, close_timeout_s=0.2) as manager:
        fake.fail(times=None, status=503, path=SESSION)
        with pytest.raises(LookupError, match="mine"):
            async with manager.session(LOGIN):
                raise LookupError("mine")
        assert len(fake.sessions) == 1
        fake.heal()
        while fake.sessions:
            await asyncio.sleep(0.01)
    assert manager.stats().open_now == 0


async def test_a_cancel_during_the_close_loses_to_the_blocks_own_error(fake: FakeTMDB) -> None:
    """The block's error goes first, the cancel comes at the next await, and a timeout around still adds up."""
    async with plain(fake) as manager:
        gate = fake.hold(SESSION)

        async def scope() -> str:
            with pytest.raises(LookupError):
                async with manager.session(LOGIN):
                    raise LookupError
            await asyncio.Event().wait()
            return "never"

        task = asyncio.create_task(scope())
        await fake.arrived(SESSION)
        task.cancel()
        await asyncio.sleep(0)
        gate.release()
        await asyncio.wait({task})
        assert task.cancelled()
    assert not fake.sessions


async def test_leaving_without_waiting_lets_the_manager_finish(fake: FakeTMDB) -> None:
    """With `wait_closed=False` the block ends before the delete is answered, which the manager waits for."""
    async with plain(fake) as manager:
        gate = fake.hold(SESSION)
        async with manager.session(LOGIN, wait_closed=False) as session:
            pass
        assert session.closed
        assert fake.sessions
        gate.release()
    assert not fake.sessions


FORGETFUL = textwrap.dedent("""
    import asyncio, sys
    from tmdb_auth_async import *

    async def main(url, token):
        manager = SessionManager(BearerToken(token), service=TMDB.at(url))
        await manager.session(RequestTokenLogin(Password("ada", "secret"))).__aenter__()

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_a_forgotten_manager_warns(fake: FakeTMDB) -> None:
    """A manager that nobody closed says how many sessions stay open."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", "-c", FORGETFUL, fake.url, fake.read_access_token, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert b"ResourceWarning: a SessionManager was never closed, 1 sessions stay open" in errors
    assert len(fake.sessions) == 1
