"""The faults that a test has asked a fake for, and which request each one strikes."""

from typing import Literal, get_args

import attrs

from .routes import fits

FaultKind = Literal["status", "reset", "lost answer", "hang", "html", "garbage", "drip", "delay", "truncated", "flood"]
"""How a request fails.

status: refused with a status, by default 503 · reset: the connection breaks, nothing was done ·
lost answer: it was done, then the connection breaks · hang: never answered · html: a gateway's page, by default 502 ·
garbage: 200 with bytes that are no JSON · drip: the true answer, a byte every `delay_s` · delay: the true
answer, `delay_s` late · truncated: half the true answer, then the connection ends · flood: 200 with far too much JSON.
"""

_KINDS: dict[str, FaultKind] = {kind: kind for kind in get_args(FaultKind)}
_CARRIED_OUT: frozenset[FaultKind] = frozenset({"lost answer", "drip", "truncated"})


@attrs.frozen
class Fault:
    """One way to fail, and the requests it is meant for."""

    kind: FaultKind
    path: str | None = None
    method: str | None = None
    status: int | None = None
    code: int | str | None = None
    retry_after: str | float | None = None
    body: bytes | None = attrs.field(default=None, repr=False)
    delay_s: float = 0.02
    carried_out: bool = False

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether a request of this method and literal path is meant."""
        return (self.method is None or self.method == method) and (self.path is None or fits(self.path, path))


@attrs.define
class _Planned:
    fault: Fault
    left: int | None
    skip: int


class Faults:
    """Hands out planned faults, the earliest planned first, each as often as it was asked for."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def __bool__(self) -> bool:
        return bool(self._planned)

    def plan(self, fault: Fault, *, times: int | None, skip: int) -> None:
        """Let *fault* strike *times* requests (`None`: all of them) after sparing the first *skip*."""
        if times is None or times > 0:
            carried_out = fault.carried_out or fault.kind in _CARRIED_OUT
            self._planned.append(_Planned(attrs.evolve(fault, carried_out=carried_out), times, skip))

    def heal(self) -> None:
        """Forget every fault that has not struck yet."""
        self._planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, if any, and count it off."""
        for planned in self._planned:
            if not planned.fault.strikes(method, path):
                continue
            if planned.skip > 0:
                planned.skip -= 1
                continue
            if planned.left is not None:
                planned.left -= 1
                if planned.left == 0:
                    self._planned.remove(planned)
            return planned.fault
        return None


def kind_of(kind: str | None) -> FaultKind:
    """Read the kind a test has named, where `_` may stand for a space; without one it is a status."""
    if kind is None:
        return "status"
    known = _KINDS.get(kind.replace("_", " "))
    if known is None:
        raise ValueError(f"unknown fault {kind!r}: it is one of {', '.join(_KINDS)}")
    return known
