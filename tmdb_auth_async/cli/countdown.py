"""The time that is left, counted down on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text


def left(until: datetime) -> str:
    """Say how long it is *until* then, in minutes and seconds."""
    left_s = max(0, round((until - datetime.now(UTC)).total_seconds()))
    return f"{left_s // 60}:{left_s % 60:02}"


class Countdown:
    """What is left of the time to approve, drawn anew whenever it is looked at."""

    def __init__(self, until: datetime) -> None:
        """Count down *until* then."""
        self._until = until
        self._spinner = Spinner("dots", style="cyan")

    def __rich__(self) -> Spinner:
        """Draw the time that is left."""
        words = ("Waiting for your approval, ", (left(self._until), "bold"), " left. Ctrl-C stops.")
        self._spinner.update(text=Text.assemble(*words))
        return self._spinner


def counting(console: Console, until: datetime) -> Live:
    """Return a context that counts down *until* then and leaves nothing on the *console*."""
    return Live(Countdown(until), console=console, refresh_per_second=8, transient=True)
