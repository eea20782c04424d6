"""The clock of a fake: the real time, plus what a test has advanced it by."""

import time
from datetime import UTC, datetime

import attrs

from .meant import check_seconds


@attrs.define
class Clock:
    """Tells the fake's own time, so that a test need not wait for something to expire."""

    ahead_s: float = 0.0

    def now(self) -> float:
        """Return the fake's time in seconds since the epoch."""
        return time.time() + self.ahead_s

    def moment(self, *, after_s: float = 0.0) -> datetime:
        """Return the fake's time, *after_s* seconds from now, as an aware UTC datetime."""
        return datetime.fromtimestamp(self.now() + after_s, tz=UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock on by *seconds*; `ValueError` for what is negative, or no finite number."""
        check_seconds("seconds", seconds)
        self.ahead_s += seconds
