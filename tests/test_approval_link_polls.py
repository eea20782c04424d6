"""When a shown link's login asks: as often as it should, as long as it may, by a clock that jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tmdb_auth_async import (
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


@pytest.mark.parametrize("failure", [TimedOut(may_have_created=True), PermissionDenied(code=36)])
def test_what_can_only_get_worse_is_raised_at_once(failure: AuthError) -> None:
    """A lost answer may have been the session, so it is not asked for again; neither is after a refusal."""
    service = Service(NOT_YET, failure)
    with pytest.raises(type(failure)) as caught:
        _approve(service, Link(_show))
    assert caught.value is failure
    assert service.asked == [0, 2]


def test_a_token_gone_at_its_end_is_no_denial() -> None:
    """A token that is unknown only once its time is over has expired."""
    service = Service(NOT_YET, RequestTokenInvalid(code=33))
    with pytest.raises(ApprovalTimedOut):
        _approve(service, Link(_show, poll_s=7200))
    assert len(service.asked) == 2
