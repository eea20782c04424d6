"""What is compared, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from .spread import Spread, ratios


@attrs.frozen(kw_only=True)
class Cell:
    """What is compared: who does what, how many at once, how often; the first is the measure of the rest.

    A run takes about *run_s* seconds, or what everybody's one cycle takes. Without *warm*
    everybody does it once, and nothing that many at once have done before. With *slice_s* the
    runs of a round are done by slices of that many seconds, a slice of one's and a slice of another's.
    """

    candidates: Sequence[str]
    concurrency: int
    what: Literal["cycle", "get"] = "cycle"
    rounds: int = 9
    run_s: float = 0.15
    warm: bool = True
    slice_s: float | None = None


@attrs.frozen(kw_only=True)
class Result:
    """What one candidate took in one cell.

    CPU and wall are in µs a request, that of each round and of all; busy is a share of one core.
    """

    candidate: str
    candidates: Sequence[str]
    loop: str
    what: str
    concurrency: int
    rounds: int
    requests: int
    requests_each: int
    cpu_us_each: Sequence[float]
    cpu_us: Spread
    wall_us: Spread
    requests_per_s: Spread
    cpu_ratio: Spread
    busy: float
    server_busy: float
    server_cpu_us: float


@attrs.frozen(kw_only=True)
class Run:
    """What one candidate took in one round."""

    times: int
    requests: int
    cpu_s: float
    wall_s: float
    server_cpu_s: float

    @property
    def cpu_us(self) -> float:
        """Its CPU a request, in µs."""
        return self.cpu_s / self.requests * 1e6


@attrs.frozen(kw_only=True)
class Bout:
    """What all candidates of a cell took in all rounds."""

    loop: str
    cell: Cell
    runs: Mapping[str, Sequence[Run]]

    def __add__(self, other: Bout) -> Bout:
        """Put the rounds of both together, which were run by other processes: code runs faster here than there."""
        runs = {name: [*mine, *other.runs[name]] for name, mine in self.runs.items()}
        return attrs.evolve(self, runs=runs)

    def results(self) -> list[Result]:
        """Return what each candidate took, held against the first."""
        base, *_ = self.runs.values()
        results = [self._result(name, runs, base=base) for name, runs in self.runs.items()]
        if len({one.requests_each for one in results}) > 1:
            raise RuntimeError(f"not the same work: {[(one.candidate, one.requests_each) for one in results]}")
        return results

    def _result(self, name: str, runs: Sequence[Run], *, base: Sequence[Run]) -> Result:
        wall_s = sum(run.wall_s for run in runs)
        requests = sum(run.requests for run in runs)
        return Result(
            candidate=name,
            candidates=self.cell.candidates,
            loop=self.loop,
            what=self.cell.what,
            concurrency=self.cell.concurrency,
            rounds=len(runs),
            requests=requests,
            requests_each=runs[0].requests // runs[0].times,
            cpu_us_each=[run.cpu_us for run in runs],
            cpu_us=Spread.of(run.cpu_us for run in runs),
            wall_us=Spread.of(run.wall_s / run.requests * 1e6 for run in runs),
            requests_per_s=Spread.of(run.requests / run.wall_s for run in runs),
            cpu_ratio=ratios((run.cpu_us for run in runs), (run.cpu_us for run in base)),
            busy=sum(run.cpu_s for run in runs) / wall_s,
            server_busy=sum(run.server_cpu_s for run in runs) / wall_s,
            server_cpu_us=sum(run.server_cpu_s for run in runs) / requests * 1e6,
        )
