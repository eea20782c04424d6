"""Candidates side by side: round by round, each in its own process, all on one server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Literal

import attrs

from .child import Child
from .crowd import Took
from .server import serve
from .spread import Spread, ratios
from .worker import work

_WARM = 16


@attrs.frozen(kw_only=True)
class Cell:
    """What is compared: who does what, how many at once, how often; the first is the measure of the rest.

    A run takes about *run_s* seconds, or what everybody's one cycle takes. Without *warm*
    nothing was done before, and everybody does it once.
    """

    candidates: Sequence[str]
    concurrency: int
    what: Literal["cycle", "get"] = "cycle"
    rounds: int = 9
    run_s: float = 0.15
    warm: bool = True


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


class Ring:
    """The server and one long-lived worker a candidate, on one event loop, until the block is over."""

    def __init__(self, stack: ExitStack, service: str, *, loop: str, candidates: Sequence[str]) -> None:
        """Start them all; *stack* ends them."""
        self._loop = loop
        self._server = stack.enter_context(Child(serve, service))
        target = self._server.ask(what="target")
        self._workers = {name: stack.enter_context(Child(work, name, loop, target)) for name in candidates}

    def fight(self, cell: Cell, *, turn: int = 0) -> Bout:
        """Run all rounds of *cell*; each begins with another candidate, the first with that whose *turn* it is."""
        names = list(cell.candidates)
        times = {name: self._warm(cell, name) for name in names}
        runs: dict[str, list[Run]] = {name: [] for name in names}
        for number in range(cell.rounds):
            first = (turn + number) % len(names)
            for name in names[first:] + names[:first]:
                runs[name].append(self._run(cell, name, times[name]))
        return Bout(loop=self._loop, cell=cell, runs=runs)

    def _warm(self, cell: Cell, name: str) -> int:
        """Let everybody do it as long as a run is, or twice, and tell how often it goes into a run."""
        if not cell.warm:
            return cell.concurrency
        times = max(cell.concurrency, _WARM)
        took = self._take(cell, name, times)
        if took.wall_s < cell.run_s:  # the first time is slower: connections are made, and lazy imports
            took = self._take(cell, name, times)
        return max(cell.concurrency, round(times * cell.run_s / took.wall_s))

    def _run(self, cell: Cell, name: str, times: int) -> Run:
        before = self._server.ask(what="begin")
        took = self._take(cell, name, times)
        after = self._server.ask(what="report")
        refused = [shown for shown in after.requests if not shown.endswith((" 200", " 201"))]
        requests = sum(after.requests.values())
        if refused or requests % times:
            raise RuntimeError(f"{name} did not do its {times} cycles cleanly: {after.requests}")
        return Run(
            times=times,
            requests=requests,
            server_cpu_s=after.cpu_s - before.cpu_s,
            cpu_s=took.cpu_s,
            wall_s=took.wall_s,
        )

    def _take(self, cell: Cell, name: str, times: int) -> Took:
        took: Took = self._workers[name].ask(what=cell.what, times=times, concurrency=cell.concurrency)
        return took
