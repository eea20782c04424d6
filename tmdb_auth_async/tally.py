"""What a manager counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .stats import Stats


class Tally:
    """The running counts behind `Stats`."""

    __slots__ = ("closed", "opened", "possibly_lost", "recovered", "released", "retried")

    def __init__(self) -> None:
        """Begin at nothing."""
        self.opened = 0
        self.closed = 0
        self.retried = 0
        self.possibly_lost = 0
        self.recovered = 0
        self.released = 0

    @property
    def open_now(self) -> int:
        """How many sessions are open at the service and this manager's to close."""
        return self.opened - self.closed - self.released

    def stats(self) -> Stats:
        """Return the counts as they are now."""
        from .stats import Stats  # what not every program asks for

        return Stats(
            opened=self.opened,
            closed=self.closed,
            open_now=self.open_now,
            retried=self.retried,
            possibly_lost=self.possibly_lost,
            recovered=self.recovered,
        )
