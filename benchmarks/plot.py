"""The picture of a run: CPU a request of every candidate at one concurrency."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from .results import Results

AT_ONCE = 64
_OURS = "#0b7285"
_OTHERS = "#adb5bd"


def draw(results: Results, path: Path) -> None:
    """Draw a bar a candidate, with the least and the most of its rounds, as SVG with its words as text."""
    shown = [
        one
        for one in results.races
        if (one.what, one.concurrency, one.loop) == ("cycle", AT_ONCE, "asyncio")
        and one.candidate != "tuned again"
        and " among " not in one.candidate
    ]
    shown = sorted({one.candidate: one for one in reversed(shown)}.values(), key=lambda one: -one.cpu_us.median)
    names = [_worded(one.candidate) for one in shown]
    medians = [one.cpu_us.median for one in shown]
    whiskers = [
        [one.cpu_us.median - one.cpu_us.least for one in shown],
        [one.cpu_us.most - one.cpu_us.median for one in shown],
    ]
    colours = [_OURS if one.candidate.startswith("ours") else _OTHERS for one in shown]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.size": 9}):
        figure = Figure(figsize=(7, 3.4), layout="constrained")
        axes = figure.add_subplot()
        axes.barh(names, medians, xerr=whiskers, color=colours, error_kw={"elinewidth": 0.8, "ecolor": "#495057"})
        for place, one in enumerate(shown):
            axes.text(one.cpu_us.most * 1.08, place, f"{one.cpu_us.median:.0f}", va="center")
        axes.set_xscale("log")
        axes.set_xlim(right=max(one.cpu_us.most for one in shown) * 1.6)
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
