"""The picture of a run: CPU a request of every candidate at one concurrency."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from .results import Results

AT_ONCE = 64
_OURS = "#0b7285"
_OTHERS = "#868e96"
_TICKS = (50, 100, 200, 500, 1000, 2000)


def draw(results: Results, path: Path) -> None:
    """Draw a dot a candidate, on a line from the least of its rounds to the most, as SVG with its words as text."""
    shown = [
        one
        for one in results.races
        if (one.what, one.concurrency, one.loop) == ("cycle", AT_ONCE, "asyncio")
        and one.candidate != "tuned again"
        and " among " not in one.candidate
    ]
    shown = sorted({one.candidate: one for one in reversed(shown)}.values(), key=lambda one: -one.cpu_us.median)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.size": 9}):
        figure = Figure(figsize=(7, 3.2), layout="constrained")
        axes = figure.add_subplot()
        for place, one in enumerate(shown):
            cpu, colour = one.cpu_us, _OURS if one.candidate.startswith("ours") else _OTHERS
            axes.plot([cpu.least, cpu.most], [place, place], color=colour, linewidth=1)
            axes.plot([cpu.median], [place], "o", color=colour)
            axes.text(cpu.most * 1.05, place, f"{cpu.median:.0f}", va="center")
        axes.set_yticks(range(len(shown)), [_worded(one.candidate) for one in shown])
        axes.set_xscale("log")
        axes.set_xticks(_TICKS, [str(tick) for tick in _TICKS])
        axes.minorticks_off()
        axes.grid(axis="x", color="#e9ecef")
        axes.set_axisbelow(True)
        axes.margins(x=0.12)
        axes.set_xlabel(f"µs of CPU a request, {AT_ONCE} users at once (median, least to most; log scale)")
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _worded(candidate: str) -> str:
    by_hand = {
        "plain": "aiohttp by hand",
        "knobs": "aiohttp by hand, settings tuned",
        "tuned": "aiohttp by hand, all tuned",
        "httpx": "httpx by hand",
    }
    return by_hand.get(candidate, candidate.replace("ours", "tmdb_auth_async"))
