"""What a manager counts."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Stats:
    """Counts of one manager since it was made.

    `opened` are the sessions opened, or taken over from a store; `closed` those closed at
    the service; `open_now` those that are still this manager's to close;
    `retried` requests that were sent again; `possibly_lost` sessions that a request may
    have created without the program ever seeing the answer; `recovered` sessions that
    a dead process had left open and this manager closed.
    """

    opened: int
    closed: int
    open_now: int
    retried: int
    possibly_lost: int
    recovered: int


@attrs.define
class Tally:
    """The running counts behind `Stats`."""

    opened: int = 0
    closed: int = 0
    retried: int = 0
    possibly_lost: int = 0
    recovered: int = 0
    released: int = 0

    @property
    def open_now(self) -> int:
        """How many sessions are open at the service and this manager's to close."""
        return self.opened - self.closed - self.released

    def stats(self) -> Stats:
        """Return the counts as they are now."""
        return Stats(
            opened=self.opened,
            closed=self.closed,
            open_now=self.open_now,
            retried=self.retried,
            possibly_lost=self.possibly_lost,
            recovered=self.recovered,
        )
