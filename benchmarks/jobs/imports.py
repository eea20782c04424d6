"""What an import costs, beside that of the three libraries it cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys

import attrs

from ..spread import Spread, ratios

_PACKAGE = "import tmdb_auth_async"
_LOGIN = "from tmdb_auth_async import BearerToken, Password, RequestTokenLogin, SessionManager"
_THREE = "import aiohttp, attrs, cattrs"
_TIMED = "import time; t = time.process_time(); {}; print(time.process_time() - t)"


@attrs.frozen(kw_only=True)
class Imports:
    """CPU milliseconds of the imports in a fresh interpreter, and what each costs of what the three libraries do.

    The package by itself loads nothing; what a login by password needs loads the three, too.
    """

    package_ms: Spread
    login_ms: Spread
    three_ms: Spread
    package_ratio: Spread
    login_ratio: Spread


def compare_imports(rounds: int) -> Imports:
    """Import all in turn, each time in a fresh interpreter, with everything compiled by a first import."""
    statements = (_PACKAGE, _LOGIN, _THREE)
    for statement in statements:
        _seconds(statement)
    package, login, three = zip(*([_seconds(one) * 1e3 for one in statements] for _ in range(rounds)), strict=True)
    return Imports(
        package_ms=Spread.of(package),
        login_ms=Spread.of(login),
        three_ms=Spread.of(three),
        package_ratio=ratios(package, three),
        login_ratio=ratios(login, three),
    )


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(statement)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(done.stdout)
