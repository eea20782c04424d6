"""What is asked again after a failure, and after which wait; nothing here runs before a first failure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import AuthError, NoAnswer, RateLimited, Refused, ServiceDown, TimedOut, Unreachable
from .values import Request

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0

_NOTHING_DONE = frozenset({429, 503})


def may_repeat(request: Request, failure: AuthError) -> bool:
    """Say whether *request* may be sent again after *failure*.

    A 429, a 503 and a connection that never was say that nothing was done, so every
    request may; a lost answer leaves that open, so only a repeatable one may. Any other
    refusal stands, whatever its HTTP status: the service would say the same again.
    """
    if isinstance(failure, RateLimited):
        return True
    if isinstance(failure, ServiceDown) and failure.status in _NOTHING_DONE:
        return True
    if isinstance(failure, Unreachable) and not failure.sent:
        return True
    return request.repeatable and isinstance(failure, Unreachable | TimedOut | ServiceDown)


def asked_wait_s(failure: BaseException | None) -> float:
    """Return the wait that the service asked for in seconds, 0 when it did not."""
    return getattr(failure, "retry_after_s", None) or 0.0


async def again(  # each is one part of the rule
    attempt: Callable[[float], Awaitable[T]],
    request: Request,
    failure: AuthError,
    *,
    retries: int,
    now: Callable[[], float],
    deadline: float,
) -> T:
    """Go on after the first *failure* of *request*: wait, call *attempt*, up to *retries* times.

    *attempt* gets the share of the time that is left for it in seconds: half, and all
    of it at the last. Waits are exponential with jitter, or what the service asked for;
    one that would end after *deadline* is not begun.
    """
    from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential  # 20 ms, seldom needed

    backoff = wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S, min=FIRST_WAIT_S / 2)
    number = 0

    def wait(state: RetryCallState) -> float:
        asked = asked_wait_s(state.outcome.exception() if state.outcome else None)
        return asked or backoff(state)

    def stop(state: RetryCallState) -> bool:
        return state.attempt_number > retries or now() + state.upcoming_sleep >= deadline

    def repeats(error: BaseException) -> bool:
        return isinstance(error, Refused | NoAnswer) and may_repeat(request, error)

    async def one() -> T:
        nonlocal number
        number += 1
        if number == 1:
            raise failure
        left = deadline - now()
        return await attempt(left if number > retries else left / 2)

    retrying: Any = AsyncRetrying(stop=stop, wait=wait, retry=retry_if_exception(repeats), reraise=True)
    answer: T = await retrying(one)
    return answer
