"""Files that nobody but this user may read."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

from ..errors import NotConfigured
from ..ownership import shared

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_creating = threading.Lock()
"""Held while a file is looked at: closing one drops the locks that this process has on it."""


def data_folder() -> Path:
    """Return where this user's programs keep their data for this library, on this system."""
    import platformdirs  # only where no path is given

    return platformdirs.user_data_path("tmdb_auth_async", appauthor=False)


def private_folder(folder: Path) -> None:
    """Make *folder*, and those on the way to it, with mode 0700 unless they exist.

    Raises `NotConfigured` where that fails, or where anybody may write into it.
    """
    failure = None
    try:
        _make_folder(folder)
        mode = folder.stat().st_mode
    except OSError as error:
        failure = _cannot("make the folder", folder, error)
    else:
        if os.name == "posix" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            failure = NotConfigured(f"anybody may write into the folder {folder}: run chmod o-w on it, or use another")
    if failure is not None:
        raise failure


def private_file(path: Path) -> Path:
    """Return the real path of *path*, a file that is made with mode 0600 in one step unless it exists.

    Raises `NotConfigured` where that fails, where others may read the file or those
    beside it, or where it is no file of this user's.
    """
    private_folder(path.parent)
    failure = None
    real = path
    try:
        with _creating:
            _make(path)
        real = Path(os.path.realpath(path, strict=True))  # of a loop of links `resolve` tells by a RuntimeError
        found = real.stat()
    except OSError as error:
        failure = _cannot("make the file", path, error)
    else:
        failure = _objection(real, found)
    if failure is not None:
        raise failure
    return real


def check_companions(path: Path, suffixes: tuple[str, ...]) -> None:
    """Raise `NotConfigured` where others may read one of the files beside *path* that end in *suffixes*."""
    for companion in (path.with_name(path.name + suffix) for suffix in suffixes):
        try:
            found = companion.stat()
        except OSError:
            continue
        failure = _objection(companion, found)
        if failure is not None:
            raise failure


def _make_folder(folder: Path, *, has_parent: bool = False) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        return
    except FileNotFoundError:
        if has_parent or folder.parent == folder:
            raise  # a link on the way leads nowhere, or nothing can be made there
        _make_folder(folder.parent)
        _make_folder(folder, has_parent=True)
    else:
        folder.chmod(FOLDER_MODE)  # whatever the umask took away of it


def _make(path: Path) -> None:
    """Make the file unless there is one, which is not opened, nor made behind a link that leads nowhere."""
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), FILE_MODE)
    except FileExistsError:
        return
    if os.name == "posix":
        os.fchmod(made, FILE_MODE)  # whatever the umask took away of it
    os.close(made)


def _objection(path: Path, found: os.stat_result) -> NotConfigured | None:
    if not stat.S_ISREG(found.st_mode):
        return NotConfigured(f"{path} is not a file: give the path of a file, which need not exist")
    return shared(path, found, in_doubt="log in anew")


def _cannot(do: str, path: Path, error: OSError) -> NotConfigured:
    return NotConfigured(f"cannot {do} {path} ({error.strerror}): use a path that this user may write to")
