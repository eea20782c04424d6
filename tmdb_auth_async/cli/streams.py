"""The three standard streams of a process, of which whoever started it may have closed any."""

from __future__ import annotations

import os
import sys

_MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def open_streams() -> None:
    """Open the standard streams that are closed: nothing comes from there, and what is written goes nowhere."""
    for name, mode in _MODES.items():
        if getattr(sys, name) is None:
            # It gets the number that was free, so that no socket or file comes to be there, where children write.
            number = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  # lives to the end
