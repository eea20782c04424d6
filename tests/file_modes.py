"""Who may do what with the files of a test."""

from __future__ import annotations

import stat
from pathlib import Path

PRIVATE = {("folder", 0o700), ("file", 0o600)}


def modes(folder: Path, *, but: str = "") -> set[tuple[str, int]]:
    """Return the modes of the files and folders in *folder*, however deep; of none that is called *but*."""
    found = [path for path in folder.rglob("*") if path.name != but]
    return {("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode)) for path in found}
