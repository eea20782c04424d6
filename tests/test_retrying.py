"""What is asked again after which failure, after which wait, and when it stops."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tmdb_auth_async import Request, Response, tmdb
from tmdb_auth_async.errors import (
    AuthError,
    LoginRefused,
    PermissionDenied,
    RateLimited,
    Refused,
    ServiceDown,
    SessionNotFound,
    TimedOut,
    Unreachable,
    Unreadable,
)
from tmdb_auth_async.retrying import again, may_repeat
from tmdb_auth_async.service import retry_after_s

READ = Request("GET", "/3/account")
LOST: list[AuthError] = [Unreachable(), TimedOut(), ServiceDown(status=500), ServiceDown(status=502, code=43)]
UNDONE: list[AuthError] = [
    RateLimited(status=429, code=25),
    RateLimited(status=429),
    RateLimited(status=200, code=25),
    ServiceDown(status=503, code=9),
    ServiceDown(status=503),
    Unreachable(sent=False),
]
FINAL: list[AuthError] = [
    Refused(status=404, code=34),
    Refused(status=500, code=44),
    LoginRefused(status=401, code=30),
    LoginRefused(status=429, code=30),
    LoginRefused(status=503, code=30),
    PermissionDenied(status=500, code=3),
    SessionNotFound(status=404),
    Unreadable(),
]
REPEATED = [
    READ,
    Request("DELETE", "/3/x"),
    tmdb.validate_key().request,
    tmdb.create_request_token().request,
    tmdb.create_v4_request_token().request,
    tmdb.validate_with_login("t", "u", "p").request,
    tmdb.delete_session("s").request,
    tmdb.delete_v4_access_token("t").request,
]
SENT_ONCE = [
    Request("POST", "/3/x"),
    Request("PUT", "/3/x"),
    Request("PATCH", "/3/x"),
    tmdb.create_guest_session().request,
    tmdb.create_session("t").request,
    tmdb.create_session_from_v4("t").request,
    tmdb.create_v4_access_token("t").request,
]


def told(value: object) -> str:
    """Name a case."""
    return f"{value.method} {value.path}" if isinstance(value, Request) else repr(value)


@pytest.mark.parametrize("request_", REPEATED, ids=told)
@pytest.mark.parametrize("failure", LOST + UNDONE, ids=repr)
def test_what_harms_nobody_is_repeated(request_: Request, failure: AuthError) -> None:
    """A read, an unused token, an approval of the same token and a delete are asked again after any lost answer."""
    assert may_repeat(request_, failure)


@pytest.mark.parametrize("request_", SENT_ONCE, ids=told)
def test_what_creates_is_repeated_only_when_nothing_was_done(request_: Request) -> None:
    """After a 429, a 503 or a connection that never was; never after an answer that was lost."""
    assert [failure for failure in UNDONE if not may_repeat(request_, failure)] == []
    assert [failure for failure in LOST if may_repeat(request_, failure)] == []


@pytest.mark.parametrize("request_", [*REPEATED, *SENT_ONCE], ids=told)
def test_a_refusal_stands(request_: Request) -> None:
    """A wrong password above all is not tried again, whatever HTTP status comes with the code."""
    assert [failure for failure in FINAL if may_repeat(request_, failure)] == []


class Clock:
    """A clock that a sleep moves on."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.now_s = 0.0
        self.slept: list[float] = []

    async def sleep(self, delay_s: float) -> None:
        """Move on."""
        self.slept.append(delay_s)
        self.now_s += delay_s

    def now(self) -> float:
        """Tell the time."""
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let every `asyncio.sleep` pass in no time."""
    clock = Clock()
    monkeypatch.setattr(asyncio, "sleep", clock.sleep)
    return clock


class Service:
    """Fails as often as it is told, and notes the shares of time that it was given."""

    def __init__(self, clock: Clock, *failures: AuthError, takes_s: float = 0.0) -> None:
        """Fail with *failures*, one after the other, each after *takes_s* seconds."""
        self.clock = clock
        self.failures = list(failures)
        self.takes_s = takes_s
        self.shares: list[float] = []

    async def attempt(self, share_s: float) -> str:
        """Fail once more, or answer."""
        self.shares.append(share_s)
        self.clock.now_s += self.takes_s
        if self.failures:
            raise self.failures.pop(0)
        return "answer"

    async def met(self, first: AuthError, *, retries: int = 3, deadline: float = 30.0) -> str:
        """Go on after *first*."""
        return await again(self.attempt, READ, first, retries=retries, now=self.clock.now, deadline=deadline)


async def test_it_goes_on_until_there_is_an_answer(clock: Clock) -> None:
    """Failure, failure, answer: two repeats, each after a wait that grows."""
    service = Service(clock, Unreachable())
    assert await service.met(TimedOut()) == "answer"
    assert len(service.shares) == 2
    assert 0.05 <= clock.slept[0] <= 0.1
    assert 0.05 <= clock.slept[1] <= 0.2


@pytest.mark.parametrize("retries", [1, 2, 3, 7])
async def test_it_stops_after_as_many_repeats_as_it_was_told(clock: Clock, retries: int) -> None:
    """The last failure is raised as it is, and the last try gets all the time that is left."""
    failures = [ServiceDown(str(number), status=500) for number in range(1, retries + 1)]
    service = Service(clock, *failures)
    with pytest.raises(ServiceDown) as caught:
        await service.met(ServiceDown("0", status=500), retries=retries)
    assert caught.value is failures[-1]
    assert len(service.shares) == retries
    assert service.shares[-1] == pytest.approx(30.0 - clock.now_s)
    assert all(
        share == pytest.approx((30.0 - sum(clock.slept[: at + 1])) / 2) for at, share in enumerate(service.shares[:-1])
    )


async def test_it_stops_at_a_refusal(clock: Clock) -> None:
    """A no is the end of it, and is raised as it is."""
    refusal = LoginRefused(status=401, code=30)
    service = Service(clock, refusal)
    with pytest.raises(LoginRefused) as caught:
        await service.met(Unreachable())
    assert caught.value is refusal
    assert len(service.shares) == 1


@pytest.mark.parametrize("asked_s", [0.5, 7.0, 29.0])
async def test_the_wait_that_is_asked_for_is_kept(clock: Clock, asked_s: float) -> None:
    """`Retry-After` goes before the ordinary wait."""
    await Service(clock).met(RateLimited(status=429, retry_after_s=asked_s))
    await Service(clock).met(ServiceDown(status=503, retry_after_s=asked_s), deadline=1000.0)
    assert clock.slept == [asked_s, asked_s]


@pytest.mark.parametrize("asked_s", [None, 0.0])
async def test_no_wait_asked_for_means_the_ordinary_one(clock: Clock, asked_s: float | None) -> None:
    """An absent `Retry-After`, or one of 0, does not mean at once."""
    await Service(clock).met(RateLimited(status=429, retry_after_s=asked_s))
    assert 0.05 <= clock.slept[0] <= 0.1


async def test_a_wait_past_the_deadline_is_not_begun(clock: Clock) -> None:
    """Whoever is asked to wait longer than there is time hears so at once."""
    first = RateLimited(status=429, retry_after_s=31.0)
    with pytest.raises(RateLimited) as caught:
        await Service(clock).met(first)
    assert caught.value is first
    assert clock.slept == []


async def test_everything_ends_at_the_deadline(clock: Clock) -> None:
    """However many repeats are left, none begins after it."""
    service = Service(clock, *[Unreachable() for _ in range(100)], takes_s=4.0)
    with pytest.raises(Unreachable):
        await service.met(Unreachable(), retries=100, deadline=10.0)
    assert len(service.shares) == 3
    assert clock.now_s < 10.0 + 4.0


async def test_waits_have_a_bound_and_jitter(clock: Clock) -> None:
    """Two programs do not wait alike, and nobody waits longer than 5 s by itself."""
    service = Service(clock, *[Unreachable() for _ in range(50)])
    await service.met(Unreachable(), retries=100, deadline=10_000.0)
    assert max(clock.slept) <= 5.0
    assert len(set(clock.slept)) == len(clock.slept)


async def test_a_cancel_ends_it(clock: Clock) -> None:
    """A cancel is no failure to be repeated."""

    async def attempt(_: float) -> str:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await again(attempt, READ, TimedOut(), retries=3, now=clock.now, deadline=30.0)
    assert len(clock.slept) == 1


def after(text: str | None) -> float | None:
    """Read a `Retry-After`."""
    return retry_after_s(Response(429, b"", "", text))


@pytest.mark.parametrize(("text", "wait_s"), [("0", 0.0), ("7", 7.0), ("00120", 120.0), (None, None), ("", None)])
def test_seconds_are_read(text: str | None, wait_s: float | None) -> None:
    """The common form is a number of seconds."""
    assert after(text) == wait_s


def test_a_date_is_read() -> None:
    """The other form is an HTTP date, in any of the spellings that HTTP has had."""
    at = datetime.now(UTC) + timedelta(seconds=100)
    for text in (
        format_datetime(at, usegmt=True),
        at.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
        at.strftime("%a %b %d %H:%M:%S %Y"),
        at.astimezone(tz=None).strftime("%a, %d %b %Y %H:%M:%S %z"),
    ):
        wait_s = after(text)
        assert wait_s is not None
        assert 95 < wait_s <= 100


def test_a_date_that_is_over_is_no_wait() -> None:
    """What lies in the past asks for nothing."""
    assert after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "-5",
        "1.5",
        "1e3",
        "٣",
        "²",
        "inf",
        "nan",
        "7 seconds",
        "Wed, 99 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +999999999999",
        "Wed, 21 Oct 0 99:99:99",
        ",,,",
        "\x00",
        "1" + "0" * 5000 + " Oct 2015 07:28:00",
    ],
    ids=lambda text: text[:30],
)
def test_junk_asks_for_nothing(text: str) -> None:
    """What is no time is as good as absent."""
    assert after(text) is None


def test_a_number_beyond_all_measure_is_a_long_wait() -> None:
    """A wait of ages is a number like any other: no infinity, no crash."""
    wait_s = after("9" * 5000)
    assert wait_s is not None
    assert 10**6 < wait_s < 10**10
