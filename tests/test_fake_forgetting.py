"""A fake that runs for long forgets what has been over for long."""

from __future__ import annotations

import gc
import weakref

from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.testing.clock import Clock
from tmdb_auth_async.testing.fading import Fading
from tmdb_auth_async.testing.fake_tmdb.state import GuestSession, TMDBState

from .fake_asking import ask, log_in, v3_token

SESSION_NEW = "/3/authentication/session/new"


async def test_a_request_token_is_forgotten_an_hour_after_its_end(fake_tmdb: FakeTMDB) -> None:
    """Until then whoever brings it, used or not, is denied; then it is as unknown as one never given out."""
    fake_tmdb.add_user("ada", "secret")
    unused, used = await v3_token(fake_tmdb), await v3_token(fake_tmdb)
    fake_tmdb.approve(used)
    for status in (200, 401):
        assert (await ask(fake_tmdb, "POST", SESSION_NEW, json={"request_token": used})).status == status
    fake_tmdb.revoke(next(iter(fake_tmdb.sessions)))
    for seconds, told in [(3600, (401, 17)), (3590, (401, 17)), (10, (404, 34))]:
        fake_tmdb.advance(seconds=seconds)
        await v3_token(fake_tmdb)
        for token in (unused, used):
            assert (await ask(fake_tmdb, "POST", SESSION_NEW, json={"request_token": token})).told == told


async def test_a_younger_one_stays(fake_tmdb: FakeTMDB) -> None:
    """What is forgotten is the old; a session that was made of it lives on."""
    fake_tmdb.add_user("ada", "secret")
    session = await log_in(fake_tmdb)
    fake_tmdb.advance(seconds=7190)
    young = await v3_token(fake_tmdb)
    fake_tmdb.advance(seconds=10)
    late = await v3_token(fake_tmdb)
    assert fake_tmdb.request_tokens == {young, late}
    assert fake_tmdb.sessions == {session}
    fake_tmdb.revoke(session)


def test_a_state_does_not_grow_without_end() -> None:
    """However many tokens and guests come over the days, those of the last hours are all it holds."""
    clock = Clock()
    state = TMDBState(clock)
    for _ in range(50):
        for _ in range(20):
            state.new_v3_request_token()
            state.new_v4_request_token(None)
            state.new_guest_session()
        clock.advance(3600)
    assert len(state.request_tokens) <= 2 * 2 * 20
    assert len(state.guest_sessions) <= 24 * 20


def test_nothing_holds_what_was_forgotten() -> None:
    """It is gone for good, and what was taken out before its time is no obstacle."""
    clock = Clock()
    fading = Fading[GuestSession](clock, after_s=5)
    fading.remember("taken", GuestSession(clock.now() + 10))
    old = GuestSession(clock.now() + 10)
    seen = weakref.ref(old)
    fading.remember("old", old)
    del old, fading["taken"]
    clock.advance(15)
    fading.remember("new", GuestSession(clock.now() + 10))
    gc.collect()
    assert list(fading) == ["new"]
    assert seen() is None
