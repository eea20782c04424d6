"""How far this library wants to reach, and whether a run has got there."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import attrs

from .results import Results

KIB = 1024


@attrs.frozen
class Goal:
    """Something that shall be at most, or at least, a number."""

    words: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the measured is within the limit."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def goals(results: Results) -> Iterator[Goal]:
    """Hold a run against what it shall reach."""
    for at_once, limit in ((1, 1.05), (64, 1.0), (512, 1.0)):
        ratio = results.of("ours", at_once).cpu_ratio.median
        yield Goal(f"cycle at {at_once}, to the tuned", ratio, limit)
    for at_once in (64, 512):
        plain = results.of("plain", at_once).cpu_ratio.median
        yield Goal(f"cycle at {at_once}, to the plain", results.of("ours", at_once).cpu_ratio.median / plain, 0.85)
    ours = results.of("ours", 64)
    yield Goal(
        "with the journal in SQLite", results.of("ours, SQLite journal", 64).cpu_us.median / ours.cpu_us.median, 1.25
    )
    yield Goal("GET by a kept session, to the tuned", results.of("ours", 64, what="get").cpu_ratio.median, 1.0)
    yield Goal("scopes among 10,000 open, to among 1", results.of("ours among 10,000", 64).cpu_ratio.median, 1.1)
    yield Goal("import, to its three dependencies", results.imports.ratio.median, 1.05)
    yield Goal("an open session, KiB", results.bytes_a_session / KIB, 0.5)
    yield from _logins(results)
    plain, tls = results.trips["tmdb"], results.trips["tls"]
    yield Goal(
        "round trips to open, with a token ready", max(plain["open_ready"].median, tls["open_ready"].median), 2.1
    )
    yield Goal("round trips to leave unwaited", max(plain["leave_unwaited"].median, tls["leave_unwaited"].median), 0.05)
    yield Goal("round trips to open a guest session", max(plain["guest"].median, tls["guest"].median), 1.05)
    yield Goal("round trips to open on cold TLS", tls["open_cold"].median, 5.2)
    yield Goal("sessions left by cancelled scopes", results.cancels["ours"].sessions_left, 0)


def _logins(results: Results) -> Iterator[Goal]:
    one, own = (
        median(getattr(crowd.took, names).cpu_s for crowd in results.logins) for names in ("one_name", "own_names")
    )
    yield Goal("sessions of 1,000 logins under one name", max(crowd.sessions for crowd in results.logins), 1)
    yield Goal("round trips of that", median(crowd.one_name_trips for crowd in results.logins), 5)
    yield Goal("times less CPU than 1,000 own logins", own / one, 40, at_least=True)
