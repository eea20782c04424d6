"""Request tokens fetched ahead: a warm login costs a round trip less, and no token is used twice or stale."""

import asyncio
import time
from typing import Any

import pytest

from tests.chaos import plain
from tmdb_auth_async import ApprovalLink, Chain, Link, NotConfigured, Password, RequestTokenLogin, Strategy
from tmdb_auth_async.testing import FakeTMDB

LOGIN = RequestTokenLogin(Password("ada", "secret"))
TOKEN = "/3/authentication/token/new"
LOGIN_PATHS = ["/3/authentication/token/validate_with_login", "/3/authentication/session/new"]


async def _fetched(fake: FakeTMDB, count: int) -> None:
    while sum(request.path == TOKEN and request.status == 200 for request in fake.requests) < count:
        await asyncio.sleep(0)
    for _ in range(20):  # the answer is on its way back to the manager on the same loop
        await asyncio.sleep(0)


async def test_a_warm_login_costs_two_round_trips(fake: FakeTMDB) -> None:
    """With a token at hand a login asks only to validate and to create; the token is replaced meanwhile."""
    async with plain(fake, ready=2) as manager:
        await _fetched(fake, 2)
        fake.requests.clear()
        async with manager.session(LOGIN):
            in_order = [request.path for request in fake.requests if request.path != TOKEN]
            assert in_order == LOGIN_PATHS
        await _fetched(fake, 1)


async def test_no_token_is_handed_out_twice(fake: FakeTMDB) -> None:
    """More logins at once than tokens at hand each get a token of their own."""
    async with plain(fake, ready=3) as manager:
        await _fetched(fake, 3)

        async def scope() -> str | None:
            async with manager.session(LOGIN) as session:
                return session.id

        assert len(set(await asyncio.gather(*(scope() for _ in range(20))))) == 20
    assert not fake.sessions


async def test_a_stale_token_is_replaced(fake: FakeTMDB, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token older than 50 minutes is dropped for a fresh one, by the wall clock."""
    async with plain(fake, ready=1) as manager:
        await _fetched(fake, 1)
        fake.requests.clear()
        later = time.time() + 50 * 60
        monkeypatch.setattr(time, "time", lambda: later)
        async with manager.session(LOGIN):
            assert TOKEN in [request.path for request in fake.requests]


async def test_fetching_ahead_that_fails_costs_nothing(fake: FakeTMDB) -> None:
    """When no token can be had ahead the login fetches its own."""
    fake.fail(times=4, status=500, path=TOKEN)
    async with plain(fake, ready=1, retries=3) as manager, manager.session(LOGIN) as session:
        assert session.id in fake.sessions


async def test_a_negative_number_is_refused(fake: FakeTMDB) -> None:
    """A count below nought is a mistake and says so."""
    with pytest.raises(NotConfigured, match="ready"):
        async with plain(fake, ready=-1):
            pass


@pytest.mark.parametrize("login", [LOGIN, Chain(LOGIN)], ids=["here", "apart"])
async def test_tokens_that_the_service_knows_no_more_fail_no_login(fake: FakeTMDB, login: Strategy[Any]) -> None:
    """A login whose token was fetched ahead and is over begins once more with a fresh one; so do all that follow."""
    async with plain(fake, ready=3) as manager:
        await _fetched(fake, 3)
        fake.advance(3601)
        fake.requests.clear()
        async with manager.session(login):
            pass
        await _fetched(fake, 4)  # the one that it fetched, and three in place of those that are over
        async with manager.session(login), manager.session(login):
            pass
        assert [one.status for one in fake.requests if one.path == LOGIN_PATHS[0]].count(200) == 3
        assert len([one for one in fake.requests if one.path == LOGIN_PATHS[0]]) == 4
    assert not fake.sessions


async def test_a_token_past_its_own_end_is_replaced(fake: FakeTMDB, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the service says of a token's end counts, where it is the sooner."""
    now = time.time() + 59 * 60  # by this machine's clock its tokens have a minute left
    monkeypatch.setattr(time, "time", lambda: now)
    async with plain(fake, ready=1) as manager:
        await _fetched(fake, 1)
        fake.requests.clear()
        now += 61
        async with manager.session(LOGIN):
            assert TOKEN in [request.path for request in fake.requests]


async def test_whoever_approves_by_hand_gets_a_fresh_token(fake: FakeTMDB) -> None:
    """A token that was fetched ahead may have ten minutes left; a person is given the whole hour."""
    async with plain(fake, ready=1) as manager:
        await _fetched(fake, 1)
        fake.requests.clear()

        async def show(link: ApprovalLink) -> None:
            assert [request.path for request in fake.requests] == [TOKEN]
            fake.approve(str(link).rsplit("/", 1)[-1])

        async with manager.session(RequestTokenLogin(Link(show))):
            pass
