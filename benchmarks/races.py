"""The races: who runs against whom, how often, and how many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from .rounds import Cell, Result, Ring

LIGHT = (
    "tuned",
    "tuned again",
    "plain",
    "ours",
    "ours, borrowed client",
    "ours, kept session",
    "ours, SQLite journal",
    "themoviedb",
)
HEAVY = ("httpx", "tmdbapis", "tmdbsimple")
GETS = ("tuned", "plain", "ours")
AMONG = ("ours", "ours among 100", "ours among 10,000")
AT_ZITADEL = ("ours at ZITADEL", "zitadel-client")

Say = Callable[[Sequence[Result]], None]


def run_all(rounds: int, say: Say) -> Iterator[Result]:
    """Run every race and yield the results; *say* hears of each race when it is over."""
    for service, loop, names, cells in _races(rounds):
        with ExitStack() as stack:
            ring = Ring(stack, service, loop=loop, candidates=names)
            for cell in cells:
                results = ring.fight(cell)
                say(results)
                yield from results


def _races(rounds: int) -> Iterator[tuple[str, str, tuple[str, ...], list[Cell]]]:
    heavy_alone = dict.fromkeys(HEAVY, 16)
    heavy_crowd = dict.fromkeys(HEAVY, 64)
    gets = Cell(what="get", concurrency=64, times=dict.fromkeys(GETS, 2048), rounds=rounds)
    yield (
        "tmdb",
        "asyncio",
        (*LIGHT, *HEAVY),
        [
            Cell(concurrency=1, times=dict.fromkeys(LIGHT, 96) | heavy_alone, rounds=rounds),
            Cell(concurrency=64, times=dict.fromkeys(LIGHT, 320) | heavy_crowd, rounds=rounds),
            Cell(concurrency=512, times=dict.fromkeys(LIGHT, 512), rounds=rounds),
            gets,
            # httpx takes seconds here: once, a single GET of each, and it has no connection yet.
            Cell(what="get", concurrency=512, times={"tuned": 512, "httpx": 512}, rounds=1, warm=False),
        ],
    )
    yield (
        "tmdb",
        "uvloop",
        LIGHT,
        [
            Cell(concurrency=1, times=dict.fromkeys(LIGHT, 64), rounds=rounds),
            Cell(concurrency=64, times=dict.fromkeys(LIGHT, 192), rounds=rounds),
            Cell(concurrency=512, times=dict.fromkeys(LIGHT, 512), rounds=rounds),
            gets,
        ],
    )
    yield "tmdb", "asyncio", AMONG, [Cell(concurrency=64, times=dict.fromkeys(AMONG, 256), rounds=rounds)]
    yield "zitadel", "asyncio", AT_ZITADEL, [Cell(concurrency=16, times=dict.fromkeys(AT_ZITADEL, 64), rounds=rounds)]
