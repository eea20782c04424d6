"""The races: who runs against whom, how often, and how many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import attrs

from .bouts import Bout, Cell, Result
from .rounds import Ring

OURS = ("ours", "ours, no msgspec", "ours, borrowed client", "ours, kept session", "ours, SQLite journal")
FEW = ("tuned", "knobs", "plain", "ours")
SOME = ("tuned", "knobs", "plain", "ours", "ours, SQLite journal", "themoviedb")
FAST = ("tuned", "tuned again", "knobs", "plain", *OURS, "themoviedb")
SLOW = ("tuned", "knobs", "httpx", "tmdbapis", "tmdbsimple")
AMONG = ("ours", "ours among 100", "ours among 10,000")
AT_ZITADEL = ("ours at ZITADEL", "zitadel-client")

SETS = 3
"""How many sets of processes share the rounds of what is far apart, or takes long to prepare."""

SLICE_S = 0.01
"""How long a slice is, where they take turns by slices: a loud neighbour of the machine stays longer than that."""

Say = Callable[[Sequence[Result]], None]


@attrs.frozen(kw_only=True)
class Race:
    """Cells that are run one after the other by a set of processes, then by another set, and so on."""

    service: str
    loop: str
    sets: int
    cells: Sequence[Cell]

    @property
    def names(self) -> tuple[str, ...]:
        """Who runs in any of the cells."""
        return tuple(dict.fromkeys(name for cell in self.cells for name in cell.candidates))


def run_all(rounds: int, say: Say) -> Iterator[Result]:
    """Run every race and yield the results; *say* hears of each race when it is over.

    The rounds are shared out among several sets of processes, which differ by where their code and data lie.
    """
    for race in _races(rounds):
        bouts: list[Bout] = []
        for number in range(race.sets):
            with ExitStack() as stack:
                ring = Ring(stack, race.service, loop=race.loop, candidates=race.names)
                fought = [ring.fight(cell, turn=number) for cell in race.cells]
            bouts = [one + other for one, other in zip(bouts, fought, strict=True)] if bouts else fought
        for bout in bouts:
            results = bout.results()
            say(results)
            yield from results


def _races(rounds: int) -> Iterator[Race]:
    some = rounds // SETS
    by_asyncio = [
        Cell(candidates=FAST, concurrency=1, rounds=1, run_s=0.2, slice_s=SLICE_S),
        Cell(candidates=FAST, concurrency=64, rounds=1, run_s=0.3, slice_s=SLICE_S),
        Cell(candidates=SOME, concurrency=512, rounds=1, warm=False, slice_s=SLICE_S),  # one is longer than two others
        Cell(candidates=FEW, concurrency=64, what="get", rounds=1, run_s=0.2, slice_s=SLICE_S),
    ]
    # Who has threads does not stop between slices. Of httpx with 512 users a single GET of each: more takes minutes.
    of_the_slow = [
        Cell(candidates=SLOW, concurrency=1, rounds=some),
        Cell(candidates=SLOW, concurrency=64, rounds=some, warm=False),
        Cell(candidates=("tuned", "httpx"), concurrency=512, what="get", rounds=1, warm=False),
    ]
    by_uvloop = [
        Cell(candidates=SOME, concurrency=1, rounds=some, run_s=0.1, slice_s=SLICE_S),
        Cell(candidates=SOME, concurrency=64, rounds=some, run_s=0.1, slice_s=SLICE_S),
        Cell(candidates=FEW, concurrency=512, rounds=some, warm=False, slice_s=SLICE_S),
        Cell(candidates=FEW, concurrency=64, what="get", rounds=some, run_s=0.1, slice_s=SLICE_S),
    ]
    yield Race(service="tmdb", loop="asyncio", sets=rounds, cells=by_asyncio)
    yield Race(service="tmdb", loop="asyncio", sets=SETS, cells=of_the_slow)
    yield Race(service="tmdb", loop="uvloop", sets=SETS, cells=by_uvloop)
    among = [Cell(candidates=AMONG, concurrency=64, rounds=some, run_s=0.3, slice_s=SLICE_S)]
    yield Race(service="tmdb", loop="asyncio", sets=SETS, cells=among)
    at_zitadel = [Cell(candidates=AT_ZITADEL, concurrency=16, rounds=some)]
    yield Race(service="zitadel", loop="asyncio", sets=SETS, cells=at_zitadel)
