"""What a test can see of any fake, and do to it: its clock, its log of requests, faults and gates."""

from typing import Generic

from .clock import Clock
from .faults import Fault, FaultKind, Faults, kind_of
from .gates import Gate, Gates
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
        """Move the fake's clock forward by *seconds*."""
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
        """Let the next *times* requests fail (`None`: until `heal`), of *path* only if one is named.

        `path` is literal or a template, whose `{name}` segments stand for anything; `skip` requests are spared first.
        `carried_out` changes the state all the same. `ValueError` for an unknown kind.
        """
        fault = Fault(kind_of(kind), path, method, status, code, retry_after, body, delay_s, carried_out)
        self._faults.plan(fault, times=times, skip=skip)

    def heal(self) -> None:
        """Forget every fault that has not struck yet."""
        self._faults.heal()

    def hold(self, path: str, *, method: str | None = None, carried_out: bool = False) -> Gate:
        """Let requests of *path* wait until the gate is released, before or after they are *carried_out*."""
        return self._gates.add(Gate(path, method=method, carried_out=carried_out))

    async def arrived(self, path: str, *, count: int = 1, method: str | None = None, timeout_s: float = 5.0) -> None:
        """Wait until *count* requests of *path* have arrived, the earlier ones included; else `TimeoutError`."""
        shown = self._routes.find(path).shown
        await self._traffic.arrived(shown, count=count, method=method, timeout_s=timeout_s)
