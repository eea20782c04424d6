"""Measure everything: `python -m benchmarks` prints tables and writes results.json, .svg and .md beside itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from .bouts import Result
from .jobs import compare_imports
from .markdown import markdown
from .plot import draw
from .races import run_all
from .reach import goals
from .results import Results
from .singles import cancels, logins, memory, trips
from .tables import cell_table, goal_table, other_tables

ROUNDS = 9
REPEATS = 3
LOGINS = 4
SCOPES = {"ours": 10_000, "plain": 2_000}
HERE = Path(__file__).parent


def main() -> None:
    """Run everything once, in less than five minutes on a machine with two idle cores."""
    started = time.perf_counter()
    results = Results(
        races=list(run_all(ROUNDS, _say)),
        imports=compare_imports(ROUNDS),
        bytes_a_session=memory(),
        logins=logins(LOGINS),
        trips=trips(REPEATS),
        cancels=cancels(SCOPES),
        took_s=time.perf_counter() - started,
    )
    print(other_tables(results))
    print(goal_table(goals(results)))
    print(f"all of it took {results.took_s:.0f} s")
    results.write(HERE / "results.json")
    draw(results, HERE / "results.svg")
    (HERE / "results.md").write_text(markdown(results))


def _say(race: Sequence[Result]) -> None:
    print(cell_table(race), flush=True)


if __name__ == "__main__":
    main()
