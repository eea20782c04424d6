"""How an opening ends that goes wrong: what was made is closed, and whoever waits hears what it was."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Awaitable, Callable

import attrs
import pytest

from tmdb_auth_async import Ask, Call, RequestTokenLogin, SessionManager, Unreachable, tmdb
from tmdb_auth_async.stores import MemoryStore
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel

from .scope_kit import CREATE, DELETE, WAYS, managed

PLAINLY = pytest.mark.parametrize("plainly", [True, False], ids=["here", "apart"])


class StopAll(BaseException):
    """What is no `Exception`, as a test runner's own errors are."""


@attrs.frozen
class Halfway:
    """A strategy that makes a session, and then does what it is told instead of handing it out."""

    then: Callable[[], Awaitable[object]]
    asks_plainly: bool = True
    announced: bool = True

    async def open(self, ask: Ask, /) -> tmdb.UserSession:
        """Log in, and go on as told."""
        token = (await ask(tmdb.create_request_token())).request_token
        await ask(tmdb.validate_with_login(token, "ada", "secret"))
        call = tmdb.create_session(token)
        made = await ask(call if self.announced else Call(call.request, call.answer))
        await self.then()
        return tmdb.UserSession(made.session_id)

    async def close(self, ask: Ask, session: tmdb.UserSession, /) -> None:
        """Delete it."""
        await ask(tmdb.delete_session(session.id))


class Away(MemoryStore):
    """A store that must journal and cannot."""

    durable = True
    must_journal = True

    async def record(self, key: str, text: str, /) -> None:
        """Fail."""
        del key, text
        message = "the store is away"
        raise Unreachable(message)


async def fails() -> None:
    """Be somebody's own error."""
    message = "own"
    raise ValueError(message)


async def goes_well() -> None:
    """Do nothing."""


async def enter(manager: SessionManager, strategy: Halfway | RequestTokenLogin) -> tuple[str, int]:
    """Enter a scope; return what that raises, and how often this task was cancelled and is so still."""
    task = asyncio.current_task()
    assert task is not None
    try:
        async with manager.session(strategy):
            return "nothing", task.cancelling()
    except BaseException as error:  # noqa: BLE001  # that is what is asked for
        return type(error).__name__, task.cancelling()


@PLAINLY
async def test_whatever_is_raised_gets_to_who_waits(fake: FakeTMDB, *, plainly: bool) -> None:
    """An error that is no `Exception` reaches the block that enters, with nothing left behind."""

    async def stops() -> None:
        raise StopAll

    async with managed(fake) as manager:
        with pytest.raises(StopAll):
            async with asyncio.timeout(5), manager.session(Halfway(stops, plainly)):
                pass
    assert not fake.sessions


@WAYS
async def test_a_session_that_cannot_be_journalled_is_closed_for_who_has_left(
    fake: FakeTMDB, ada: RequestTokenLogin
) -> None:
    """Cancelled before the answer comes, and the store, which must journal, away: closed and counted."""
    async with managed(fake, store=Away()) as manager:
        with fake.hold(CREATE, carried_out=True) as gate:
            task = asyncio.create_task(enter(manager, ada))
            await gate.reached()
            task.cancel()
            assert await task == ("CancelledError", 1)
    assert not fake.sessions
    assert manager.stats().opened == manager.stats().closed == 1


async def test_a_session_that_no_call_announced_and_that_cannot_be_journalled_is_closed(fake: FakeTMDB) -> None:
    """A stranger's session without `opens` is closed by its strategy when the store must journal and is away."""
    async with managed(fake, store=Away()) as manager:
        assert await enter(manager, Halfway(goes_well, asks_plainly=False, announced=False)) == ("Unreachable", 0)
    assert not fake.sessions


@PLAINLY
async def test_the_managers_end_does_not_hide_an_error(fake: FakeTMDB, *, plainly: bool) -> None:
    """Closed while a half-made session is, the manager leaves the login its own error, and no cancel behind."""
    manager = managed(fake)
    with fake.hold(DELETE, method="DELETE") as gate:
        task = asyncio.create_task(enter(manager, Halfway(fails, plainly)))
        await gate.reached()
        ending = asyncio.create_task(manager.aclose())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert await task == ("ValueError", 0)
    await ending
    assert not fake.sessions


@WAYS
async def test_the_managers_end_does_not_hide_that_a_store_is_away(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """The same where the error is the library's own."""
    manager = managed(fake, store=Away())
    with fake.hold(DELETE, method="DELETE") as gate:
        task = asyncio.create_task(enter(manager, ada))
        await gate.reached()
        ending = asyncio.create_task(manager.aclose())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert await task == ("Unreachable", 0)
    await ending
    assert not fake.sessions


@pytest.mark.parametrize("ended", [False, True], ids=["a cancel", "and the manager's end"])
@PLAINLY
async def test_a_cancel_goes_before_the_error_of_a_login(fake: FakeTMDB, *, plainly: bool, ended: bool) -> None:
    """Whoever is cancelled from outside while a half-made session is closed is cancelled, whatever the manager does."""
    manager = managed(fake)
    with fake.hold(DELETE, method="DELETE") as gate:
        task = asyncio.create_task(enter(manager, Halfway(fails, plainly)))
        await gate.reached()
        ending = asyncio.create_task(manager.aclose()) if ended else None
        await asyncio.sleep(0)
        task.cancel()
        assert await task == ("CancelledError", 1)
    await (manager.aclose() if ending is None else ending)
    assert not fake.sessions


@PLAINLY
async def test_a_strategy_that_swallows_the_managers_end_delivers_nothing(fake: FakeTMDB, *, plainly: bool) -> None:
    """A session that is handed out all the same, once the manager has ended, is closed, and its block never begins."""
    waiting = asyncio.Event()

    async def swallows() -> None:
        waiting.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return

    manager = managed(fake)
    task = asyncio.create_task(enter(manager, Halfway(swallows, plainly)))
    await waiting.wait()
    await manager.aclose()
    assert await task == ("SessionClosed", 0)
    assert not fake.sessions


NO_CODE = """
    import asyncio, sys
    from tmdb_auth_async import *
    from tmdb_auth_async.zitadel import *

    async def main(url, token):
        async with SessionManager(BearerToken(token), service=Zitadel(url)) as manager:
            login = ZitadelLogin("ada", password="secret", totp=lambda: sys.exit("no code at hand"))
            async with manager.session(login):
                pass

    asyncio.run(main(*sys.argv[1:]))
"""

IN_ANOTHER_TASK = """
    import asyncio, sys
    from tmdb_auth_async import *
    from tmdb_auth_async import tmdb

    class Exits:
        asks_plainly = True

        async def open(self, ask):
            token = (await ask(tmdb.create_request_token())).request_token
            await ask(tmdb.validate_with_login(token, "ada", "secret"))
            await ask(tmdb.create_session(token))
            sys.exit("no code at hand")

        async def close(self, ask, session):
            pass

    async def use(manager):
        async with manager.session(Exits()):
            pass

    async def main(url, token):
        async with SessionManager(BearerToken(token), service=TMDB.at(url)) as manager:
            await asyncio.gather(use(manager), asyncio.Event().wait())

    asyncio.run(main(*sys.argv[1:]))
"""

WHILE_ONE_CLOSES = """
    import asyncio, sys
    from tmdb_auth_async import *

    async def leaves():
        sys.exit("no code at hand")

    async def main(url, token):
        async with SessionManager(BearerToken(token), service=TMDB.at(url)) as manager:
            async with manager.session(RequestTokenLogin(Password("ada", "secret")), wait_closed=False):
                task = asyncio.create_task(leaves())
            await asyncio.Event().wait()

    asyncio.run(main(*sys.argv[1:]))
"""


async def exits(program: str, url: str, token: str) -> tuple[int | None, bytes]:
    """Run *program*; return how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", "-c", textwrap.dedent(program), url, token, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await asyncio.wait_for(process.communicate(), timeout=20)
    return process.returncode, errors


async def test_an_exit_during_a_login_leaves_nothing(fake_zitadel: FakeZitadel) -> None:
    """`sys.exit` in the function that gives the code ends the program as it should, with the session terminated."""
    fake_zitadel.add_user("ada", "secret")
    status, errors = await exits(NO_CODE, fake_zitadel.url, fake_zitadel.token)
    assert (status, errors.strip()) == (1, b"no code at hand")
    assert not fake_zitadel.sessions
    assert [one.method for one in fake_zitadel.requests] == ["POST", "DELETE"]


@pytest.mark.parametrize("program", [IN_ANOTHER_TASK, WHILE_ONE_CLOSES], ids=["in another task", "while one closes"])
async def test_an_exit_in_a_task_cancels_no_close(fake: FakeTMDB, program: str) -> None:
    """`asyncio.run` then cancels every task; a close begins anew, and the manager waits for it."""
    status, errors = await exits(program, fake.url, fake.read_access_token)
    assert status == 1, errors
    assert b"no code at hand" in errors
    assert not fake.sessions
