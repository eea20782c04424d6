"""The races: who runs against whom, how often, and how many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from .rounds import Bout, Cell, Result, Ring

OURS = ("ours", "ours, no msgspec", "ours, borrowed client", "ours, kept session", "ours, SQLite journal")
FEW = ("tuned", "knobs", "plain", "ours")
SOME = ("tuned", "knobs", "plain", "ours", "ours, SQLite journal", "themoviedb")
MOST = ("tuned", "tuned again", "knobs", "plain", *OURS, "themoviedb")
ALL = (*MOST, "httpx", "tmdbapis", "tmdbsimple")
AMONG = ("ours", "ours among 100", "ours among 10,000")
AT_ZITADEL = ("ours at ZITADEL", "zitadel-client")

SETS = 3
"""How many sets of processes share the rounds."""

Say = Callable[[Sequence[Result]], None]


def run_all(rounds: int, say: Say) -> Iterator[Result]:
    """Run every race and yield the results; *say* hears of each race when it is over.

    The rounds are shared out among several sets of processes, which differ by where their code and data lie.
    """
    for service, loop, names, cells in _races(rounds // SETS):
        bouts: list[Bout] = []
        for _ in range(SETS):
            with ExitStack() as stack:
                ring = Ring(stack, service, loop=loop, candidates=names)
                fought = [ring.fight(cell) for cell in cells]
            bouts = [one + other for one, other in zip(bouts, fought, strict=True)] if bouts else fought
        for bout in bouts:
            results = bout.results()
            say(results)
            yield from results


def _races(rounds: int) -> Iterator[tuple[str, str, tuple[str, ...], list[Cell]]]:
    gets = Cell(candidates=FEW, concurrency=64, what="get", rounds=rounds)
    # Of httpx a single GET of each, once: more of it takes minutes. Nobody runs 512 threads.
    crowded_get = Cell(candidates=("tuned", "httpx"), concurrency=512, what="get", rounds=1, warm=False)
    by_asyncio = [
        Cell(candidates=ALL, concurrency=1, rounds=rounds),
        Cell(candidates=ALL, concurrency=64, rounds=rounds),
        Cell(candidates=SOME, concurrency=512, rounds=rounds),
        gets,
        crowded_get,
    ]
    by_uvloop = [
        Cell(candidates=SOME, concurrency=1, rounds=rounds),
        Cell(candidates=SOME, concurrency=64, rounds=rounds),
        Cell(candidates=FEW, concurrency=512, rounds=rounds),
        gets,
    ]
    yield "tmdb", "asyncio", ALL, by_asyncio
    yield "tmdb", "uvloop", SOME, by_uvloop
    yield "tmdb", "asyncio", AMONG, [Cell(candidates=AMONG, concurrency=64, rounds=rounds)]
    yield "zitadel", "asyncio", AT_ZITADEL, [Cell(candidates=AT_ZITADEL, concurrency=16, rounds=rounds)]
