"""What a test can see of any fake, and do to it: its clock, its log of requests, faults and gates."""

from typing import Generic

from .clock import Clock
from .faults import Fault, FaultKind, Faults, kind_of
from .gates import Gate, Gates
from .meant import check_count, check_seconds, check_status, checked_method, checked_path
from .routes import Routes, StateT
from .traffic import ReceivedRequest, Traffic


class Controls(Generic[StateT]):
    """The half of a fake that faces its test."""

    def __init__(self, routes: Routes[StateT], *, clock: Clock) -> None:
        self._routes = routes
        self._clock = clock
        self._faults = Faults()
        self._gates = Gates()
        self._traffic = Traffic()

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What has arrived so far, in that order; clear the list to begin anew."""
        return self._traffic.requests

    def advance(self, seconds: float) -> None:
        """Move the fake's clock forward by *seconds*; `ValueError` for what is negative, or no finite number."""
        self._clock.advance(seconds)

    def fail(  # noqa: PLR0913 - every option is a keyword with a default that changes nothing
        self,
        kind: FaultKind | None = None,
        *,
        times: int | None = 1,
        skip: int = 0,
        path: str | None = None,
        method: str | None = None,
        status: int | None = None,
        code: int | str | None = None,
        retry_after: str | float | None = None,
        body: bytes | None = None,
        delay_s: float = 0.02,
        carried_out: bool = False,
    ) -> None:
        """Let the next *times* requests fail (`None`: until `heal`), after sparing the first *skip*.

        Only those of *path*, literal or a template whose `{name}` segments stand for anything,
        and of *method*, where these are given. What may be said of a *kind*: `status`, of
        "status", "html" and "garbage", is HTTP's; `code`, of "status", the service's own in the
        body; `retry_after`, of the same three, the header's value, in seconds or a date;
        `body`, of the same, the bytes in place of the usual ones; `delay_s`, of "delay" and
        "drip", is in seconds. `carried_out` changes the state all the same. `ValueError` for
        what is no kind, and for what no request can ever have.
        """
        path = path if path is None else checked_path(path)
        method = method if method is None else checked_method(method)
        if times is not None:
            check_count("times", times)
        if status is not None:
            check_status(status)
        check_count("skip", skip)
        check_seconds("delay_s", delay_s)
        fault = Fault(kind_of(kind), path, method, status, code, retry_after, body, delay_s, carried_out)
        self._faults.plan(fault, times=times, skip=skip)

    def heal(self) -> None:
        """Forget every fault that has not struck yet."""
        self._faults.heal()

    def hold(self, path: str, *, method: str | None = None, carried_out: bool = False) -> Gate:
        """Let requests of *path* wait until the gate is released, before or after they are *carried_out*.

        `ValueError` for a path or method that no request can have.
        """
        method = method if method is None else checked_method(method)
        return self._gates.add(Gate(checked_path(path), method=method, carried_out=carried_out))

    async def arrived(self, path: str, *, count: int = 1, method: str | None = None, timeout_s: float = 5.0) -> None:
        """Wait until *count* requests of *path* have arrived, the earlier ones included; else `TimeoutError`.

        `ValueError` for a path or method that no request can have.
        """
        method = method if method is None else checked_method(method)
        shown = self._routes.find(checked_path(path)).shown
        await self._traffic.arrived(shown, count=count, method=method, timeout_s=timeout_s)
