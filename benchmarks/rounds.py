"""Candidates side by side: round by round, each in its own process, all on one server."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from .bouts import Bout, Cell, Run
from .child import Child
from .crowd import Took
from .server import Report, serve
from .worker import work

_WARM = 16
_SEED = 548


class Ring:
    """The server and one long-lived worker a candidate, on one event loop, until the block is over."""

    def __init__(self, stack: ExitStack, service: str, *, loop: str, candidates: Sequence[str]) -> None:
        """Start them all; *stack* ends them."""
        self._loop = loop
        self._server = stack.enter_context(Child(serve, service))
        target = self._server.ask(what="target")
        self._workers = {name: stack.enter_context(Child(work, name, loop, target)) for name in candidates}
        self._chance = random.Random(_SEED)  # noqa: S311  # chance that can be repeated, no secret
        self._each: dict[str, int] = {}
        for name in candidates:  # the first time is slower: there are lazy imports
            self._workers[name].ask(what="cycle", times=_WARM, concurrency=1, slice_s=None)

    def fight(self, cell: Cell, *, turn: int = 0) -> Bout:
        """Run all rounds of *cell*; each begins with another candidate, the first with that whose *turn* it is."""
        names = list(cell.candidates)
        times = {name: self._times(cell, name) for name in names}
        rounds: list[Mapping[str, Run]] = []
        for number in range(cell.rounds):
            first = (turn + number) % len(names)
            if cell.slice_s is None:
                rounds.append({name: self._run(cell, name, times[name]) for name in names[first:] + names[:first]})
            else:
                rounds.append(self._slices(cell, min(times.values()), cell.slice_s))
        return Bout(loop=self._loop, cell=cell, runs={name: [runs[name] for runs in rounds] for name in names})

    def _times(self, cell: Cell, name: str) -> int:
        """Return how often a candidate does it in a run, by how long it takes."""
        if not cell.warm:
            return cell.concurrency
        run = self._run(cell, name, max(cell.concurrency, _WARM))
        return max(cell.concurrency, round(run.times * cell.run_s / run.wall_s))

    def _run(self, cell: Cell, name: str, times: int) -> Run:
        """Let one candidate do it that many times."""
        before = self._server.ask(what="begin")
        took: Took = self._take(cell, name, times)
        after = self._server.ask(what="report")
        return Run(
            times=times,
            requests=self._requests(cell, after, times),
            server_cpu_s=after.cpu_s - before.cpu_s,
            cpu_s=took.cpu_s,
            wall_s=took.wall_s,
        )

    def _slices(self, cell: Cell, times: int, slice_s: float) -> Mapping[str, Run]:
        """Let all do it that many times, by slices; whose requests are fewest has the next, so that all end together.

        The server goes on with what it was asked last while another has begun, so what a request
        costs it is the mean of all.
        """
        took: dict[str, Took] = {}
        asked = dict.fromkeys(cell.candidates, 0)
        before = self._server.ask(what="begin")
        known = 0
        while left := [name for name in cell.candidates if name not in took]:
            name = min(left, key=lambda name: (asked[name], self._chance.random()))
            done: Took | None = self._take(cell, name, times, slice_s)
            if done is not None:
                took[name] = done
            count = self._server.ask(what="count")
            asked[name] += count - known
            known = count
        after = self._server.ask(what="report")
        candidates = len(cell.candidates)
        requests = self._requests(cell, after, candidates * times)
        server_cpu_s = after.cpu_s - before.cpu_s
        return {
            name: Run(
                times=times,
                requests=requests // candidates,
                server_cpu_s=server_cpu_s / candidates,
                cpu_s=one.cpu_s,
                wall_s=one.wall_s,
            )
            for name, one in took.items()
        }

    def _take(self, cell: Cell, name: str, times: int, slice_s: float | None = None) -> Any:
        """Return what a candidate took; `None` when it has not done it all after a slice of *slice_s* seconds."""
        return self._workers[name].ask(what=cell.what, times=times, concurrency=cell.concurrency, slice_s=slice_s)

    def _requests(self, cell: Cell, report: Report, times: int) -> int:
        """Return how many requests the server has answered since it began: as many each time as anybody's first."""
        refused = [shown for shown in report.requests if not shown.endswith((" 200", " 201"))]
        requests = sum(report.requests.values())
        if refused or requests != self._each.setdefault(cell.what, requests // times) * times:
            raise RuntimeError(f"{times} times {cell.what} were not done cleanly: {report.requests}")
        return requests
