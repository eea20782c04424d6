"""Everything that one run has measured, as it is written to the JSON file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

import attrs

from .bouts import Result
from .crowd import Took
from .jobs import Cancelled, Imports, Logins, Trips
from .spread import Spread, ratios

_LIBRARIES = (
    "tmdb-auth-async",
    "aiohttp",
    "yarl",
    "attrs",
    "cattrs",
    "orjson",
    "uvloop",
    "aiosqlite",
    "httpx",
    "themoviedb",
    "tmdbapis",
    "tmdbsimple",
    "zitadel-client",
)


@attrs.frozen(kw_only=True)
class Crowd:
    """A thousand logins at once: what they took, and how many sessions were opened each time under one name."""

    took: Logins
    sessions: float

    @property
    def one_name(self) -> Took:
        """What they took under one name, the median of all times."""
        times = self.took.one_name
        return Took(median(one.wall_s for one in times), median(one.cpu_s for one in times))

    @property
    def one_name_trips(self) -> float:
        """The round trips that it takes to log in under one name."""
        return self.one_name.wall_s / self.took.round_trip_s


@attrs.frozen(kw_only=True)
class Left:
    """What cancelled scopes left behind at the service, and the connections that they cost."""

    did: Cancelled
    sessions_left: int
    connections: int


@attrs.frozen(kw_only=True)
class Results:
    """One run of everything."""

    races: Sequence[Result]
    imports: Imports
    bytes_a_session: float
    logins: Sequence[Crowd]
    trips: Mapping[str, Mapping[str, Spread]]
    cancels: Mapping[str, Left]
    took_s: float

    def of(self, candidate: str, concurrency: int, *, what: str = "cycle", loop: str = "asyncio") -> Result:
        """Return what *candidate* took in the first race it was in; `LookupError` when it was in none."""
        for one in self.races:
            if (one.candidate, one.concurrency, one.what, one.loop) == (candidate, concurrency, what, loop):
                return one
        raise LookupError(f"{candidate} at {concurrency} by {loop}: not measured")

    def ratio(self, candidate: str, other: str, concurrency: int, *, what: str = "cycle") -> Spread:
        """Hold the CPU of a candidate against that of another in the same race, by asyncio, round by round."""
        one = self.of(candidate, concurrency, what=what)
        for two in self.races:
            if two.candidate == other and _race(two) == _race(one):
                return ratios(one.cpu_us_each, two.cpu_us_each)
        raise LookupError(f"{candidate} and {other} at {concurrency}: not in one race")

    def write(self, path: Path) -> None:
        """Write everything as JSON, with what it was measured on."""
        made_on = {
            "python": platform.python_version(),
            "system": platform.system(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "libraries": {name: version(name) for name in _LIBRARIES},
        }
        path.write_text(json.dumps({"made_on": made_on, **attrs.asdict(self)}, indent=1) + "\n")


def trips_spread(runs: Sequence[Trips]) -> dict[str, Spread]:
    """Describe each of the ways by all its repetitions."""
    return {field.name: Spread.of(getattr(run, field.name) for run in runs) for field in attrs.fields(Trips)}


def _race(one: Result) -> tuple[object, ...]:
    """Return what tells a race from the others."""
    return one.candidates, one.concurrency, one.what, one.loop
