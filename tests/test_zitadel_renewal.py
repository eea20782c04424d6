"""A fetched credential is renewed by one caller for all, before its end, and once after a refusal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tmdb_auth_async import (
    BearerToken,
    Call,
    NoAnswer,
    NotConfigured,
    Request,
    SessionClosed,
    SessionManager,
)
from tmdb_auth_async.asking import asker, signer
from tmdb_auth_async.errors import AppCredentialRefused, ServiceDown
from tmdb_auth_async.ports import Ask, Fetched
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.values import JSON_ANSWER
from tmdb_auth_async.zitadel import ClientCredentials, Zitadel, ZitadelLogin, create_session, search_sessions

from .zitadel_asking import managed

TOKEN = "/oauth/v2/token"
SEARCH = "/v2/sessions/search"
LOGIN = ZitadelLogin("ada", password="secret")
LIFE_S = 3600
MARGIN_S = 60


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada."""
    fake_zitadel.add_user("ada", "secret")
    return fake_zitadel


@pytest.fixture
def advance(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move on the clock by which the program's credential ages."""
    ahead_s = 0.0

    def now() -> float:
        return time.monotonic() + ahead_s

    def on(seconds: float) -> None:
        nonlocal ahead_s
        ahead_s += seconds

    for module in (signer, asker):
        monkeypatch.setattr(module, "monotonic", now)
    return on


def _app(fake: FakeZitadel, lifetime_s: int = LIFE_S) -> ClientCredentials:
    fake._state.token_lifetime_s = lifetime_s  # noqa: SLF001  # the fixture serves one whose tokens live half a day
    machine = fake.add_machine()
    return ClientCredentials(machine.client_id, machine.client_secret)


def _tokens(fake: FakeZitadel) -> int:
    return sum(one.path == TOKEN for one in fake.requests)


async def test_a_hundred_scopes_fetch_one_token(fake: FakeZitadel, advance: Callable[[float], None]) -> None:
    """The first time all at once, again when it is about to end, and again when the service has ended it."""
    entered = 0

    async def scope(manager: SessionManager) -> None:
        nonlocal entered
        async with manager.session(LOGIN):
            entered += 1

    steps: list[Callable[[], object]] = [lambda: None, lambda: advance(LIFE_S - MARGIN_S), fake.revoke_access_tokens]
    async with managed(fake, _app(fake)) as manager:
        for prepare in steps:
            before = _tokens(fake)
            prepare()
            await asyncio.gather(*(scope(manager) for _ in range(100)))
            assert _tokens(fake) - before == 1
    assert entered == 300
    assert not fake.sessions


@pytest.mark.parametrize(("lifetime_s", "margin_s"), [(3600, 60), (86400, 60), (100, 10)])
async def test_a_token_is_renewed_a_margin_before_its_end(
    fake: FakeZitadel, advance: Callable[[float], None], lifetime_s: int, margin_s: int
) -> None:
    """A minute, or a tenth of a short life: not earlier, and not later; nobody waits for it."""
    async with managed(fake, _app(fake, lifetime_s)) as manager:
        await manager.ask(search_sessions())
        advance(lifetime_s - margin_s - 1)
        await manager.ask(search_sessions())
        assert _tokens(fake) == 1
        advance(1)
        with fake.hold(TOKEN) as gate:
            await manager.ask(search_sessions())
            await gate.reached()
        assert _tokens(fake) == 2


async def test_a_token_that_ends_at_once_is_renewed_once_a_request(fake: FakeZitadel) -> None:
    """One more for each request that is refused, and no loop of them."""
    async with managed(fake, _app(fake, 0)) as manager:
        for _ in range(3):
            fake._state.token_lifetime_s = 0  # noqa: SLF001  # as above
            with pytest.raises(AppCredentialRefused):
                await manager.ask(search_sessions())
    assert _tokens(fake) == 4


async def test_a_cancelled_first_caller_fails_no_other(fake: FakeZitadel) -> None:
    """The fetch that it began goes on, for those who wait and those to come."""
    async with managed(fake, _app(fake)) as manager:
        with fake.hold(TOKEN) as gate:
            asked = [asyncio.create_task(manager.ask(search_sessions()))]
            await gate.reached()
            asked += [asyncio.create_task(manager.ask(search_sessions())) for _ in range(9)]
            await asyncio.sleep(0)
            asked[0].cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked[0]
        assert await asyncio.gather(*asked[1:]) == [()] * 9
    assert _tokens(fake) == 1


async def test_a_fetch_goes_on_when_all_are_gone(fake: FakeZitadel) -> None:
    """Its token serves the next who asks."""
    async with managed(fake, _app(fake)) as manager:
        with fake.hold(TOKEN) as gate:
            asked = [asyncio.create_task(manager.ask(search_sessions())) for _ in range(3)]
            await gate.reached()
            for task in asked:
                task.cancel()
            await asyncio.wait(asked)
        assert await manager.ask(search_sessions()) == ()
    assert _tokens(fake) == 1


async def test_a_fetch_that_fails_fails_those_who_wait(fake: FakeZitadel) -> None:
    """And nobody later: the next caller has it tried again."""
    async with managed(fake, _app(fake), retries=0) as manager:
        with fake.hold(TOKEN) as gate:
            fake.fail(status=500, path=TOKEN)
            asked = [asyncio.create_task(manager.ask(search_sessions())) for _ in range(10)]
            await gate.reached()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(result) for result in results] == [ServiceDown] * 10
        assert _tokens(fake) == 1
        assert await manager.ask(search_sessions()) == ()
    assert _tokens(fake) == 2


async def test_a_refused_renewal_is_one_request(fake: FakeZitadel, advance: Callable[[float], None]) -> None:
    """Where a token was had before, a secret that is wrong by now is not tried twice."""
    async with managed(fake, _app(fake)) as manager:
        await manager.ask(search_sessions())
        advance(LIFE_S)
        fake.fail(status=401, path=TOKEN, times=None)
        with pytest.raises(AppCredentialRefused):
            await manager.ask(search_sessions())
    assert _tokens(fake) == 2


async def test_a_late_refusal_does_not_drop_the_new_token(fake: FakeZitadel) -> None:
    """A request that was begun with the old token, and is refused after the renewal, asks with the new one."""
    async with managed(fake, _app(fake)) as manager:
        await manager.ask(search_sessions())
        with fake.hold(SEARCH, carried_out=True) as gate:
            fake.revoke_access_tokens()
            late = asyncio.create_task(manager.ask(search_sessions()))
            await gate.reached()
            await manager.ask(create_session())
            assert _tokens(fake) == 2
        assert len(await late) == 1
    assert _tokens(fake) == 2


async def test_a_token_refused_at_its_first_use_is_renewed(fake: FakeZitadel) -> None:
    """Though it was fetched within the very request; once, and the one after it stays."""
    async with managed(fake, _app(fake)) as manager:
        fake.fail(status=401, path=SEARCH)
        for _ in range(2):
            assert await manager.ask(search_sessions()) == ()
    assert [one.path for one in fake.requests] == [TOKEN, SEARCH, TOKEN, SEARCH, SEARCH]


async def test_many_refused_at_their_first_use_share_a_renewal(fake: FakeZitadel) -> None:
    """All that waited for the token that is refused ask with one other."""
    async with managed(fake, _app(fake)) as manager:
        fake.fail(status=401, path=SEARCH, times=10)
        assert await asyncio.gather(*(manager.ask(search_sessions()) for _ in range(10))) == [()] * 10
    assert _tokens(fake) == 2


async def test_a_request_goes_on_after_the_renewal(fake: FakeZitadel) -> None:
    """What follows the one repeat after a 401 is retried like another request."""
    async with managed(fake, _app(fake)) as manager:
        await manager.ask(search_sessions())
        fake.revoke_access_tokens()
        fake.fail(status=503, path=SEARCH, skip=1)
        assert await manager.ask(search_sessions()) == ()
    assert [one.status for one in fake.requests if one.path != TOKEN] == [200, 401, 503, 200]


async def test_closing_the_manager_ends_a_fetch(fake: FakeZitadel) -> None:
    """Whoever waits for it is told that the manager is closed, not cancelled."""
    manager = SessionManager(_app(fake), service=Zitadel(fake.url), close_timeout_s=0.2)
    fake.fail("hang", path=TOKEN)
    asked = asyncio.create_task(manager.ask(search_sessions()))
    await fake.arrived(TOKEN)
    async with asyncio.timeout(5):
        await manager.aclose()
        with pytest.raises(SessionClosed):
            await asked


async def test_a_login_without_a_token_has_created_nothing(fake: FakeZitadel) -> None:
    """When the token endpoint gives no answer, no session can have been left behind."""
    async with managed(fake, _app(fake), retries=0) as manager:
        fake.fail("reset", path=TOKEN)
        with pytest.raises(NoAnswer) as raised:
            async with manager.session(LOGIN):
                pass
        assert not raised.value.may_have_created
        assert manager.stats().possibly_lost == 0


class _Stranger:
    """A credential of somebody else's, whose call says nothing of how it is signed."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.urls: list[str] = []

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Ask for something, and give a token."""
        self.urls.append(url)
        body: Any = await ask(Call(Request("GET", "/.well-known/openid-configuration"), JSON_ANSWER))
        assert isinstance(body, Mapping)
        assert ask.page("/x", {"a": "b"}) == f"{url}/x?a=b"
        return Fetched(BearerToken(self.token), 60)


async def test_a_strangers_credential_is_fetched_unsigned(fake: FakeZitadel) -> None:
    """Though its call does not say so: it cannot wait for itself."""
    app = _Stranger(fake.token)
    async with managed(fake, app, timeout_s=2) as manager:
        assert await manager.ask(search_sessions()) == ()
        assert await manager.ask(search_sessions()) == ()
    assert app.urls == [fake.url]


async def test_what_a_strangers_fetch_raises_is_raised(fake: FakeZitadel) -> None:
    """As it is, to each who waits, and tried again."""

    class Broken:
        async def fetch(self, ask: Ask, url: str, /) -> Fetched:
            raise LookupError("no vault")

    async with managed(fake, Broken()) as manager:
        for _ in range(2):
            with pytest.raises(LookupError, match="no vault"):
                await manager.ask(search_sessions())
    with pytest.raises(NotConfigured):
        SessionManager(object())  # type: ignore[arg-type]  # what neither signs nor fetches
