"""What was measured, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .bouts import Result
from .reach import Goal
from .results import Results

_HEADS = ("candidate", "µs CPU a request", "to the first, pair by pair", "requests/s", "wall µs", "busy", "server busy")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* under *heads*, each column as wide as it must be, all but the first flush right."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def cell_table(results: Sequence[Result]) -> str:
    """Return the table of one cell under a line that says what it is."""
    first = results[0]
    rows = [
        (
            one.candidate,
            f"{one.cpu_us:.0f}",
            f"{one.cpu_ratio:.2f}",
            f"{one.requests_per_s.median:.0f}",
            f"{one.wall_us.median:.0f}",
            f"{one.busy:.0%}",
            f"{one.server_busy:.0%}",
        )
        for one in results
    ]
    what = f"cycle of {first.requests_each} requests" if first.what == "cycle" else "GET by a kept session"
    return f"{what}, {first.concurrency} at once, {first.loop}, {first.rounds} rounds\n{table(_HEADS, rows)}"


def other_tables(results: Results) -> str:
    """Return what was measured beside the races."""
    imports = results.imports
    lines = [
        (
            f"import, ms of CPU: the package {imports.package_ms:.0f}, what a login needs {imports.login_ms:.0f},"
            f" its three {imports.three_ms:.0f}; ratios {imports.package_ratio:.3f}, {imports.login_ratio:.3f}"
        ),
        f"an open session: {results.bytes_a_session:.0f} bytes",
    ]
    for crowd in results.logins:
        one, own = crowd.one_name, crowd.took.own_names
        lines.append(
            f"logins at once: under one name {one.wall_s:.2f} s, {crowd.one_name_trips:.1f} round trips,"
            f" {one.cpu_s * 1e3:.0f} ms of CPU, {crowd.sessions:g} session; each its own {own.wall_s:.2f} s,"
            f" {own.cpu_s * 1e3:.0f} ms of CPU; waiting alone {crowd.took.waiting.cpu_s * 1e3:.0f} ms of CPU"
        )
    rows = [
        (way, *(f"{counted[way]:.2f}" for counted in results.trips.values()))
        for way in next(iter(results.trips.values()))
    ]
    lines.append(table(("round trips a caller waits for", *results.trips), rows))
    lines += [
        f"{name}: {left.did.cancelled} of {left.did.scopes} scopes cancelled,"
        f" {left.sessions_left} sessions left behind, {left.connections} connections"
        for name, left in results.cancels.items()
    ]
    return "\n".join(lines)


def goal_table(goals: Iterable[Goal]) -> str:
    """Return the goals, each with what was measured and whether it was reached."""
    rows = [
        (
            goal.words,
            f"{goal.measured:.3f}",
            f"{'>=' if goal.at_least else '<='} {goal.limit:g}",
            "reached" if goal.reached else "missed",
        )
        for goal in goals
    ]
    return table(("goal", "measured", "limit", ""), rows)
