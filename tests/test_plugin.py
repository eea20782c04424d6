"""The pytest plugin, as a stranger's tests use it: a manager on a fake, and an error for what is left open."""

from __future__ import annotations

import pytest

pytest_plugins = ("pytester",)

TESTS = """
import asyncio
from contextlib import AsyncExitStack

import pytest

from tmdb_auth_async import TMDB, BearerToken, Guest, Link, Password, RequestTokenLogin, SessionManager, V4Login, tmdb

MARK
ADA = RequestTokenLogin(Password("ada", "secret"))


@pytest.fixture
def anyio_backend():
    return "asyncio"


def managed(fake):
    return SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), close_timeout_s=0.2)


async def test_scoped(tmdb_manager, fake_tmdb):
    async with tmdb_manager.session(ADA) as ada:
        assert (await ada.get("/3/account"))["username"] == "ada"
        assert fake_tmdb.sessions == {ada.id}


async def test_kept_until_the_manager_ends(tmdb_manager, fake_tmdb):
    await tmdb_manager.login(ADA)
    async with tmdb_manager.session(Guest()):
        pass
    assert len(fake_tmdb.sessions) == 1


async def test_with_a_manager_of_its_own(fake_tmdb):
    fake_tmdb.add_user("ada", "secret")
    async with managed(fake_tmdb) as manager, manager.session(ADA):
        pass


async def shop(fake):
    manager = managed(fake)
    fake.add_user("ada", "secret")
    await manager.login(ADA)  # here
    return manager


async def test_leaves_a_kept_one(fake_tmdb):
    global forgotten
    forgotten = await shop(fake_tmdb)


async def test_leaves_a_scoped_one(fake_tmdb):
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.fail(status=500, method="DELETE", times=None)
    async with managed(fake_tmdb) as manager, AsyncExitStack() as stack:
        await stack.enter_async_context(manager.session(ADA))  # in a stack


async def test_leaves_a_token(fake_tmdb):
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.fail(status=500, method="DELETE", times=None)
    login = V4Login(Link(lambda link: fake_tmdb.approve(link.url.partition("=")[2]), poll_s=0.01))
    async with managed(fake_tmdb) as manager:
        await asyncio.gather(asyncio.create_task(opened(manager, login)))


async def opened(manager, login):
    async with manager.session(login):  # in a task
        pass


async def test_leaves_one_made_by_hand(tmdb_manager):
    token = await tmdb_manager.ask(tmdb.create_request_token())
    await tmdb_manager.ask(tmdb.validate_with_login(token.request_token, "ada", "secret"))
    await tmdb_manager.ask(tmdb.create_session(token.request_token))  # by hand


async def test_leaves_one_whose_answer_was_lost(tmdb_manager, fake_tmdb):
    fake_tmdb.fail("lost answer", path="/3/authentication/session/new")
    with pytest.raises(Exception):
        await tmdb_manager.login(ADA)


@pytest.mark.leaves_sessions
async def test_means_to_leave_one(fake_tmdb):
    global meant
    meant = await shop(fake_tmdb)
"""

WORDS = [
    "*This test leaves open at the fake TMDB: 1.",
    "*  session opened by test_*.py:*, in shop: await manager.login(ADA)  # here",
    "*  session opened by test_*.py:*, in test_leaves_a_scoped_one: await stack.enter_*  # in a stack",
    "*  access token opened by test_*.py:*, in opened: async with manager.session(login):  # in a task",
    "*  session opened by test_*.py:*, in test_leaves_one_made_by_hand: *  # by hand",
    "*  session opened by a request that no manager of this process got the answer to: *",
    "Close what opened them (async with manager), or mark the test: @pytest.mark.leaves_sessions",
]


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("asyncio", ["-o", "asyncio_mode=strict"]),
        ("", ["-o", "asyncio_mode=auto"]),
        ("anyio", ["-p", "no:asyncio"]),
    ],
    ids=["strict", "auto", "anyio"],
)
def test_what_a_test_leaves_open_is_an_error(pytester: pytest.Pytester, mark: str, options: list[str]) -> None:
    """Tests that close what they open pass; the others end in an error that names the line, unless they are marked."""
    pytester.makepyfile(TESTS.replace("MARK", f"pytestmark = pytest.mark.{mark}" if mark else ""))
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings =\n    error\n    ignore::ResourceWarning\n")
    if "no:asyncio" not in options:
        options = [*options, "-o", "asyncio_default_fixture_loop_scope=function"]
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:unraisableexception", *options)
    found.assert_outcomes(passed=9, errors=5)
    for words in WORDS:
        found.stdout.fnmatch_lines([words])
