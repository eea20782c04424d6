"""What a fake remembers only for as long as it matters, however long the fake runs."""

from collections import OrderedDict
from typing import Protocol, TypeVar

from .clock import Clock


class Expires(Protocol):
    """Something whose time is over one day."""

    @property
    def expires_at_s(self) -> float:
        """When that is, by the fake's clock."""
        ...


T = TypeVar("T", bound=Expires)


class Fading(OrderedDict[str, T]):
    """Remembers what it is given, oldest first, until *after_s* seconds past its end."""

    def __init__(self, clock: Clock, *, after_s: float = 0.0) -> None:
        super().__init__()
        self._clock = clock
        self._after_s = after_s

    def remember(self, key: str, value: T) -> None:
        """Keep *value* under *key*; the oldest whose time is long over are forgotten."""
        over_s = self._clock.now() - self._after_s
        while self and next(iter(self.values())).expires_at_s <= over_s:
            self.popitem(last=False)
        self[key] = value
