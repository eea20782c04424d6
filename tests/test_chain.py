"""Several strategies in a chain: the first that can be tried opens, and closes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from tmdb_auth_async import (
    Ask,
    BearerToken,
    Browser,
    Chain,
    Guest,
    Link,
    LoginRefused,
    NoAnswer,
    NotAttempted,
    NotConfigured,
    Password,
    Refused,
    Request,
    RequestTokenLogin,
    V4Conversion,
    V4Login,
)
from tmdb_auth_async.records import from_text, is_durable, to_text
from tmdb_auth_async.strategies.chain import ChainedSession
from tmdb_auth_async.tmdb import GuestSession

from .people import decide, tmdb_and_ada

PASSWORD = RequestTokenLogin(Password("ada", "secret"))
WRONG = RequestTokenLogin(Password("ada", "wrong"))
NO_BROWSER = RequestTokenLogin(Browser(open_url=lambda _: False))
IMPOSSIBLE = V4Login(Password("ada", "secret"))


@attrs.frozen
class Signs:
    """A stranger's session value, which can do nothing but sign."""

    name: str

    def sign(self, request: Request) -> Request:
        """Sign."""
        return request


@attrs.frozen
class Stranger:
    """A stranger's strategy, which opens or raises, and notes what is closed by it."""

    name: str
    failure: Exception | None = None
    closed: list[str] = attrs.field(factory=list)

    async def open(self, ask: Ask, /) -> Signs:
        """Open, or fail as told."""
        del ask
        if self.failure is not None:
            raise self.failure
        return Signs(self.name)

    async def close(self, ask: Ask, session: Signs, /) -> None:
        """Note it."""
        del ask
        self.closed.append(session.name)


async def test_the_first_that_can_be_tried_opens() -> None:
    """Past what was not attempted, the first that can be tried opens; those after it are left alone."""
    later = Stranger("later")
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(Chain(IMPOSSIBLE, NO_BROWSER, PASSWORD, later)) as ada:
            assert fake.sessions == {ada.id}
            await ada.get("/3/account")
        assert not fake.sessions
    assert not later.closed


@pytest.mark.parametrize("failure", [Refused("no"), NoAnswer("nothing"), ValueError("mine")])
async def test_it_stops_at_whoever_was_tried(failure: Exception) -> None:
    """A refusal, a missing answer and a stranger's own error end it, and are raised as they are."""
    later = Stranger("later")
    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(type(failure)) as caught:
            await manager.login(Chain(NO_BROWSER, Stranger("first", failure), later))
        assert caught.value is failure


async def test_a_refusal_notes_what_was_tried_before() -> None:
    """Whoever reads why the password failed also reads why the browser did not open."""
    async with tmdb_and_ada() as (_, manager):
        with pytest.raises(LoginRefused) as caught:
            await manager.login(Chain(NO_BROWSER, WRONG))
        (note,) = caught.value.__notes__
        assert note.startswith("tried before: 1. RequestTokenLogin: no browser could be opened here")
        with pytest.raises(LoginRefused) as alone:
            await manager.login(Chain(WRONG))
        assert not hasattr(alone.value, "__notes__")


async def test_at_the_end_each_has_its_say() -> None:
    """Where none could be tried, the error says what each of them answered, in their order."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotAttempted) as caught:
            await manager.login(Chain(IMPOSSIBLE, Chain(NO_BROWSER, Stranger("x", NotAttempted("not today")))))
        assert not fake.sessions
    assert not isinstance(caught.value, NotConfigured)
    assert caught.value.__context__ is None
    words = ["1. V4Login: a v4 login takes no password", "2. Chain: none", "1. RequestTokenLogin: no b", "not today"]
    places = [str(caught.value).index(word) for word in words]
    assert places == sorted(places)


async def test_what_is_only_set_up_wrongly_is_told_apart() -> None:
    """Where every one of them was set up wrongly, so is the chain; an empty one is, too."""
    async with tmdb_and_ada(api_key=True) as (fake, manager):
        with pytest.raises(NotConfigured, match=r"1\. V4Login: .*; 2\. V4Login: .*BearerToken"):
            await manager.login(Chain(IMPOSSIBLE, V4Login(Link(print))))
        with pytest.raises(NotConfigured, match="empty"):
            await manager.login(Chain())
        assert not fake.requests


async def test_under_an_api_key_a_chain_falls_back_to_v3() -> None:
    """A program that has but an API key goes past the v4 login without a word to the user."""
    shown: list[str] = []

    async def show(link: object) -> None:
        shown.append(str(link))
        await decide(str(link))

    async with tmdb_and_ada(api_key=True) as (fake, manager):
        chain = Chain(V4Conversion(V4Login(Link(show))), RequestTokenLogin(Link(show)))
        async with manager.session(chain):
            assert len(fake.sessions) == 1
    assert len(shown) == 1


async def test_each_closes_what_it_opened() -> None:
    """The strategy that opened closes, however deep it sits; a stranger's session needs nothing but `sign`."""
    first, second = Stranger("first", NotAttempted("no")), Stranger("second")
    async with tmdb_and_ada() as (_, manager), manager.session(Chain(NO_BROWSER, Chain(first, second))) as session:
        assert session.id is None
        assert session.access_token is None
    assert (first.closed, second.closed) == ([], ["second"])


@pytest.mark.parametrize(
    ("strategy", "needs_human"),
    [
        (Chain(PASSWORD, Guest()), False),
        (Chain(PASSWORD, NO_BROWSER), True),
        (Chain(Guest(), Chain(BearerToken("token"), V4Conversion(V4Login(Link(print))))), True),
        (Chain(), False),
    ],
    ids=["no human", "a browser", "nested", "empty"],
)
def test_it_needs_a_human_if_any_of_them_does(strategy: Chain, needs_human: bool) -> None:  # noqa: FBT001  # a parameter
    """A session is not opened anew behind the program's back if that might open a browser."""
    assert strategy.needs_human is needs_human


async def test_its_session_is_what_was_opened() -> None:
    """Ids, tokens and what a path may have filled in are those of the session that was opened."""
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(Chain(NO_BROWSER, Guest())) as guest:
            assert {guest.id} == fake.guest_sessions
            assert guest.expires_at is not None
            await guest.post("/3/movie/1/rating", json={"value": 8})
            assert await guest.get("/3/guest_session/{guest_session_id}/rated/movies")

        async def show(link: object) -> None:
            await decide(str(link))

        async with manager.session(V4Conversion(Chain(IMPOSSIBLE, V4Login(Link(show))))) as ada:
            assert fake.access_tokens == {ada.access_token}
            await ada.get("/4/account/{account_id}/lists")
            await ada.get("/3/account")
        assert not fake.sessions | fake.access_tokens


async def test_a_kept_session_of_a_chain_is_opened_anew() -> None:
    """After a 401 the chain opens again by itself, if it needs no human."""
    async with tmdb_and_ada() as (fake, manager):
        ada = await manager.login(Chain(IMPOSSIBLE, PASSWORD))
        (first,) = fake.sessions
        fake.revoke(first)
        await ada.get("/3/account")
        assert fake.sessions == {ada.id} != {first}
        await manager.logout()
        assert not fake.sessions


def test_its_session_can_be_kept_if_what_it_holds_can() -> None:
    """What was opened by a chain survives its text, nested too; a stranger's value without the hook does not."""
    guest = GuestSession("id", datetime(2030, 1, 1, tzinfo=UTC))
    session = ChainedSession(1, ChainedSession(0, guest))
    assert from_text(to_text(session)) == session
    assert session.ends_by_itself
    assert not is_durable(ChainedSession(1, ChainedSession(0, Signs("x"))))
    with pytest.raises(NotConfigured, match="cannot be stored"):
        to_text(ChainedSession(0, Signs("x")))


async def test_its_session_closes_without_the_chain() -> None:
    """Recovered after a crash, with no strategy at hand, it ends what it holds."""
    async with tmdb_and_ada() as (fake, manager):
        ada = await manager.login(Chain(NO_BROWSER, Chain(PASSWORD)))
        value: Any = from_text(to_text(ada.value))
        assert fake.sessions == {value.id}
        await value.close(manager.ask)
        assert not fake.sessions


def test_a_chain_shows_no_secret() -> None:
    """Its repr is that of its strategies."""
    assert "secret" not in repr(Chain(PASSWORD, BearerToken("secret-token")))
    assert Chain(PASSWORD) == Chain(PASSWORD)
