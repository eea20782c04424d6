"""What the demo has seen, as values that become its JSON."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Live:
    """What is live at the service at one moment."""

    sessions: int = 0
    access_tokens: int = 0
    guest_sessions: int = 0

    @property
    def to_close(self) -> int:
        """How much of it somebody must close: TMDB's guest sessions only expire."""
        return self.sessions + self.access_tokens

    def __str__(self) -> str:
        """Say it in words, what there is none of left out."""
        counts = {"session": self.sessions, "access token": self.access_tokens, "guest": self.guest_sessions}
        return ", ".join(_counted(count, what) for what, count in counts.items() if count) or "-"


@attrs.frozen(kw_only=True)
class Step:
    """One request and its answer, or what a person did; `took_ms` is in milliseconds."""

    phase: str
    asked: str
    status: int | None
    took_ms: float
    live: Live


@attrs.frozen
class Visit:
    """One strategy's session from its opening to its end."""

    service: str
    strategy: str
    steps: list[Step] = attrs.Factory(list[Step])


@attrs.frozen(kw_only=True)
class Outcome:
    """How one client's visits ended that were cancelled at random, and how many sessions they left behind."""

    scopes: int
    cancelled: int
    finished: int
    failed: int
    left_behind: int
    took_s: float


@attrs.frozen(kw_only=True)
class Findings:
    """All that the demo has seen."""

    visits: list[Visit]
    skipped: str | None
    left: int
    by_hand: Outcome
    manager: Outcome
    took_s: float

    @property
    def is_clean(self) -> bool:
        """Whether the manager has left nothing behind."""
        return not self.left and not self.manager.left_behind


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
