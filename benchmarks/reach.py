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
    """Hold a run against what it shall reach, the server first: it must not be what is slow."""
    crowded = [one for one in results.races if one.concurrency > 1]
    yield Goal("the server's CPU, to the leanest client's", max(one.server_busy / one.busy for one in crowded), 0.8)
    yield from _cycles(results)
    for other in ("tuned", "knobs"):
        yield Goal(f"GET by a kept session, to {other}", results.ratio("ours", other, 64, what="get").median, 1.0)
    yield Goal("scopes among 10,000 open, to among 1", results.of("ours among 10,000", 64).cpu_ratio.median, 1.1)
    yield Goal("import of the package, to its three dependencies", results.imports.package_ratio.median, 1.05)
    yield Goal("import of what a login needs, to the same", results.imports.login_ratio.median, 1.05)
    yield Goal("an open session, KiB", results.bytes_a_session / KIB, 0.5)
    yield from _logins(results)
    yield from _trips(results)
    yield Goal("sessions left by cancelled scopes", results.cancels["ours"].sessions_left, 0)


def _cycles(results: Results) -> Iterator[Goal]:
    for other, limits in (("tuned", (1.05, 1.0, 1.0)), ("knobs", (1.05, 1.0, 1.0)), ("plain", (None, 0.85, 0.85))):
        for at_once, limit in zip((1, 64, 512), limits, strict=True):
            if limit is not None:
                yield Goal(f"cycle at {at_once}, to {other}", results.ratio("ours", other, at_once).median, limit)
    for other, limit in (("knobs", 1.0), ("plain", 0.85)):
        yield Goal(
            f"the same at 64 without msgspec, to {other}", results.ratio("ours, no msgspec", other, 64).median, limit
        )
    yield Goal("the journal in SQLite, to none", results.ratio("ours, SQLite journal", "ours", 64).median, 1.25)


def _trips(results: Results) -> Iterator[Goal]:
    both = results.trips.values()
    yield Goal("round trips to open, a token ready", max(way["open_ready"].median for way in both), 2.1)
    yield Goal("round trips to leave, unwaited", max(way["leave_unwaited"].median for way in both), 0.05)
    yield Goal("round trips to open a guest session", max(way["guest"].median for way in both), 1.05)
    yield Goal("round trips to open on cold TLS", results.trips["tls"]["open_cold"].median, 5.2)


def _logins(results: Results) -> Iterator[Goal]:
    one = median(crowd.one_name.cpu_s for crowd in results.logins)
    own = median(crowd.took.own_names.cpu_s for crowd in results.logins)
    yield Goal("sessions of 1,000 logins under one name", max(crowd.sessions for crowd in results.logins), 1)
    yield Goal("round trips of that", median(crowd.one_name_trips for crowd in results.logins), 5)
    yield Goal("times less CPU than 1,000 own logins", own / one, 40, at_least=True)
