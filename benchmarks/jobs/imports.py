"""What an import costs, beside that of the three libraries it cannot do without."""

from __future__ import annotations

import subprocess
import sys

import attrs

from ..spread import Spread, ratios

_OURS = "import tmdb_auth_async"
_THREE = "import aiohttp, attrs, cattrs"
_TIMED = "import time; t = time.process_time(); {}; print(time.process_time() - t)"


@attrs.frozen(kw_only=True)
class Imports:
    """CPU milliseconds of both imports in a fresh interpreter, and the one held against the other."""

    ours_ms: Spread
    three_ms: Spread
    ratio: Spread


def compare_imports(rounds: int) -> Imports:
    """Import both in turn, each time in a fresh interpreter that has been warmed up once."""
    for statement in (_OURS, _THREE):
        _seconds(statement)
    ours, three = [], []
    for _ in range(rounds):
        ours.append(_seconds(_OURS) * 1e3)
        three.append(_seconds(_THREE) * 1e3)
    return Imports(ours_ms=Spread.of(ours), three_ms=Spread.of(three), ratio=ratios(ours, three))


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
