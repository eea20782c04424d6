"""For profiling and quick comparisons: CPU a request of some candidates against those written by hand."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from .bouts import Cell
from .candidates import CANDIDATES
from .races import SLICE_S
from .rounds import Ring
from .tables import cell_table
from .worker import LOOPS


def main() -> None:
    """Run the rounds and print each candidate's CPU a request, and its ratio to the tuned one's, round by round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidate", action="append", choices=CANDIDATES, help="may be given more than once")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run-s", type=float, default=0.3, help="seconds that a run takes, about")
    parser.add_argument("--slice-s", type=float, default=SLICE_S, help="seconds a slice takes; 0: whole runs")
    parser.add_argument("--loop", choices=LOOPS, default="asyncio")
    parser.add_argument("--get", action="store_true", help="one GET of a kept session instead of the whole cycle")
    options = parser.parse_args()
    names = list(dict.fromkeys(["tuned", "plain", *(options.candidate or ["ours"])]))
    cell = Cell(
        candidates=names,
        concurrency=options.concurrency,
        what="get" if options.get else "cycle",
        rounds=options.rounds,
        run_s=options.run_s,
        slice_s=options.slice_s or None,
    )
    with ExitStack() as stack:
        print(cell_table(Ring(stack, "tmdb", loop=options.loop, candidates=names).fight(cell).results()))


if __name__ == "__main__":
    main()
