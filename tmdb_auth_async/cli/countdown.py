"""The time that is left, counted down on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from .screen import writes


def left_s(until: datetime) -> int:
    """Return how many whole seconds it is *until* then."""
    return max(0, round((until - datetime.now(UTC)).total_seconds()))


class Countdown:
    """What is left of the time to approve, drawn anew whenever it is looked at."""

    def __init__(self, until: datetime, *, spinner: str) -> None:
        """Count down *until* then, beside a *spinner* of rich's."""
        self._until = until
        self._spinner = Spinner(spinner, style="cyan")

    def __rich__(self) -> Spinner:
        """Draw the time that is left."""
        minutes, seconds = divmod(left_s(self._until), 60)
        left = f"{minutes}:{seconds:02}"
        self._spinner.update(text=Text.assemble("Waiting for your approval, ", (left, "bold"), " left. Ctrl-C stops."))
        return self._spinner


def counting(console: Console, until: datetime) -> Live:
    """Return a context that counts down *until* then and leaves nothing on the *console*."""
    spinner = "dots" if writes(console, "⠋") else "line"  # of which the one is braille, the other ASCII
    return Live(Countdown(until, spinner=spinner), console=console, refresh_per_second=8, transient=True)
