"""Whether a file with secrets in it is this user's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .errors import NotConfigured

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def shared(path: Path, found: os.stat_result, *, in_doubt: str) -> NotConfigured | None:
    """Return the error where others can read the file at *path*, *found* so; *in_doubt* is what to do about it."""
    if os.name != "posix":
        return None
    if found.st_uid != os.geteuid():
        return NotConfigured(f"{path} belongs to another user, who can read it: use a file of your own")
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        return NotConfigured(
            f"others can read {path} (mode {mode:04o}): run chmod 600 on it, and {in_doubt} if in doubt"
        )
    return None
