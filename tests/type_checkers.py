"""The type checkers that a reader may use."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def checked(tool: str, *files: Path) -> tuple[int, str]:
    """Run a type checker over *files* with the project's settings; return its exit status and words."""
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is one of the dev extra's tools")
    options = (
        ["--strict", "--no-error-summary"]
        if tool == "mypy"
        else ["--project", str(ROOT), "--pythonpath", sys.executable]
    )
    command = [sys.executable, "-m", tool, *options, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr
