"""When a shown link's login asks: as often as it should, as long as it may, by a clock that jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import (
    ApprovalDenied,
    ApprovalLink,
    ApprovalTimedOut,
    AuthError,
    Call,
    Link,
    NotApproved,
    PermissionDenied,
    RateLimited,
    RequestTokenInvalid,
    TimedOut,
    Unreachable,
)
from tmdb_auth_async.tmdb import CreatedSession, RequestToken
from tmdb_auth_async.tmdb.flow import V3

from .virtual_time import now, run

NOT_YET = NotApproved("not yet", status=401, code=17)


class Service:
    """Answers an exchange by what its script says, the last word again and again; notes when it was asked."""

    def __init__(self, *script: AuthError | CreatedSession, life_s: float = 3600) -> None:
        """Give out a request token of *life_s* seconds."""
        self.script: Sequence[AuthError | CreatedSession] = script
        self.life_s = life_s
        self.asked: list[float] = []

    async def __call__(self, call: Call[Any]) -> Any:
        """Answer *call*."""
        if call.answer is RequestToken:
            return RequestToken("t" * 40, datetime.now(UTC) + timedelta(seconds=self.life_s))
        self.asked.append(round(now(), 3))
        said = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(said, AuthError):
            raise said
        return said

    def page(self, path: str, params: Mapping[str, str]) -> str:
        """Return a URL."""
        return f"https://tmdb.example{path}"


async def _show(_: ApprovalLink) -> None:
    """Show nothing."""


def _approve(service: Service, link: Link) -> CreatedSession:
    return run(link.approve(service, V3))


def test_it_asks_at_once_and_then_every_two_seconds() -> None:
    """A human is given two seconds between the questions."""
    service = Service(NOT_YET, NOT_YET, NOT_YET, CreatedSession("s"))
    assert _approve(service, Link(_show)).session_id == "s"
    assert service.asked == [0, 2, 4, 6]


def test_a_wait_that_the_service_asks_for_is_kept() -> None:
    """Retry-After is honoured where it is longer than the pause, and the pause where it is not."""
    service = Service(RateLimited(retry_after_s=30), RateLimited(retry_after_s=1), RateLimited(), CreatedSession("s"))
    _approve(service, Link(_show, poll_s=5))
    assert service.asked == [0, 30, 35, 40]


def test_the_tokens_life_caps_the_wait() -> None:
    """However long the program would wait, a request token of an hour is asked about for an hour."""
    service = Service(NOT_YET)
    with pytest.raises(ApprovalTimedOut):
        _approve(service, Link(_show, poll_s=600, timeout_s=86400))
    assert service.asked == pytest.approx([0, 600, 1200, 1800, 2400, 3000, 3600], abs=1)


@pytest.mark.parametrize("life_s", [-7200, 7200])
def test_a_clock_that_is_wrong_does_not_end_the_wait(life_s: float) -> None:
    """An end that is past already, or further off than can be, is a matter of clocks: the token is as good as new."""
    service = Service(NOT_YET, life_s=life_s)
    with pytest.raises(ApprovalTimedOut):
        _approve(service, Link(_show, poll_s=1800))
    assert service.asked == [0, 1800, 3600]


@pytest.mark.parametrize("life_s", [-7200, 7200])
def test_the_end_that_is_shown_is_the_end_of_the_wait(life_s: float) -> None:
    """A clock that is wrong shows nobody an end that is past."""
    shown: list[float] = []

    async def show(link: ApprovalLink) -> None:
        shown.append((link.expires_at - datetime.now(UTC)).total_seconds())

    _approve(Service(CreatedSession("s"), life_s=life_s), Link(show))
    assert shown == [pytest.approx(3600, abs=5)]


def test_it_asks_once_more_at_the_very_end() -> None:
    """Whoever approves in the last moment is in."""
    service = Service(NOT_YET, NOT_YET, CreatedSession("s"))
    _approve(service, Link(_show, poll_s=7, timeout_s=10))
    assert service.asked == [0, 7, 10]


@pytest.mark.parametrize("away", [Unreachable(sent=False), RateLimited()])
def test_a_service_that_is_away_to_the_end_is_no_silence_of_the_user(away: AuthError) -> None:
    """Where the last word is that the service was away, that is what is told."""
    service = Service(NOT_YET, away)
    with pytest.raises(type(away)) as caught:
        _approve(service, Link(_show, timeout_s=3))
    assert caught.value is away
    assert service.asked == [0, 2, 3]


LOST = TimedOut(may_have_created=True)
GONE = RequestTokenInvalid(code=33)


def test_a_refusal_that_stays_is_raised_at_once() -> None:
    """What the program may not do it may not do in two seconds either."""
    service = Service(NOT_YET, PermissionDenied(code=36))
    with pytest.raises(PermissionDenied):
        _approve(service, Link(_show))
    assert service.asked == [0, 2]


def test_an_answer_that_is_lost_does_not_end_the_wait() -> None:
    """Where the token still waits for its approval, what was lost was no session."""
    service = Service(NOT_YET, LOST, NOT_YET, CreatedSession("s"))
    assert _approve(service, Link(_show)).session_id == "s"
    assert service.asked == [0, 2, 4, 6]


@pytest.mark.parametrize("then", [(GONE,), (RateLimited(), GONE), (RateLimited(),)])
def test_a_lost_answer_that_may_have_been_the_session_is_told(then: Sequence[AuthError]) -> None:
    """Where the token is gone afterwards, or nothing more is heard of it, the session may be there."""
    service = Service(NOT_YET, LOST, *then)
    with pytest.raises(TimedOut) as caught:
        _approve(service, Link(_show, timeout_s=30))
    assert caught.value is LOST


def test_a_token_gone_after_one_that_was_still_waiting_is_a_denial() -> None:
    """An answer lost before that says nothing any more."""
    service = Service(LOST, NOT_YET, GONE)
    with pytest.raises(ApprovalDenied):
        _approve(service, Link(_show))


def test_a_token_gone_at_its_end_is_no_denial() -> None:
    """A token that is unknown only once its time is over has expired."""
    service = Service(NOT_YET, RequestTokenInvalid(code=33))
    with pytest.raises(ApprovalTimedOut):
        _approve(service, Link(_show, poll_s=7200))
    assert len(service.asked) == 2
