"""Kept sessions and the journal in an SQLite file: for all the programs of one user on one machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..errors import NotConfigured
from .durable import DurableStore
from .extras import load_extra
from .link import Link
from .private import data_folder

FILE_NAME = "sessions.sqlite3"

_URL = re.compile(r"[\s\"']*([a-z][\w+.-]+):[/\\]", re.IGNORECASE)
"""How a URL begins, also one that was made a `Path`; a drive of Windows has one letter."""

_OF_REDIS = frozenset({"redis", "rediss", "unix"})

_IN_MEMORY = re.compile(r":memory:$|file:.*(:memory:|mode=memory)")
"""How SQLite is told to make no file."""


class SQLiteStore(DurableStore):
    """Keeps sessions in the file *path*, which nobody else may read.

    Without a path it is this user's own. The file is made with mode 0600; one that others
    can read, that is damaged, another program's or a newer release's is refused with
    `NotConfigured` and left as it was. Any number of processes may use it. A process
    that died is noticed at once on the same machine, and *lease_s* seconds after its
    last sign of life from within another container. Needs the extra `sqlite`.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, lease_s: float = 15.0) -> None:
        """Use *path*; nothing is made or opened yet. Raises `NotConfigured` for what is no path, such as a URL."""
        super().__init__(lease_s=lease_s)
        _check_file(str(path))
        self._path = None if path is None else _whole(path)

    def __repr__(self) -> str:
        """Tell the path, if one was given."""
        return f"SQLiteStore({'' if self._path is None else repr(str(self._path))})"

    async def _open_link(self) -> Link:
        await load_extra("SQLiteStore", "sqlite", "aiosqlite", "platformdirs")
        from .sqlite_opening import open_link

        path = data_folder() / FILE_NAME if self._path is None else self._path
        return await open_link(path, self._owner, lease_s=self._lease_s)


def scheme_of(path: str | os.PathLike[str]) -> str | None:
    """Return the scheme of what is a URL where the path of a file is wanted; `None` for a path."""
    url = _URL.match(os.fspath(path))
    return None if url is None else url[1].lower()


def _whole(path: str | os.PathLike[str]) -> Path:
    """Return *path* from the root on: the program may change its folder before the file is opened."""
    try:
        whole = Path(path).absolute()
    except TypeError:
        message = f"SQLiteStore needs the path of a file, not a {type(path).__name__}"
    except OSError:
        message = "this program's working directory is gone: give SQLiteStore a whole path"
    else:
        scheme = scheme_of(path)
        if scheme is not None:  # not quoted: it may hold a password, which would come to be the name of a folder
            advice = "use RedisStore(url)" if scheme in _OF_REDIS else "give the path alone"
            message = f"SQLiteStore needs the path of a file, not a URL: {advice}"
        elif "\0" in str(whole):
            message = "SQLiteStore needs the path of a file: no path holds a null character"
        else:
            return whole
    raise NotConfigured(message)


def _check_file(path: str) -> None:
    """Raise `NotConfigured` for what is a database to SQLite, and would be a file of an odd name to us, or none."""
    if _IN_MEMORY.match(path):
        message = "SQLiteStore keeps sessions in a file: give its path, or use MemoryStore() to keep none"
    elif path.startswith("file:"):
        message = "SQLiteStore needs the path of a file, not a URL: give the path alone"
    elif not path:
        message = "the path given to SQLiteStore is empty: give one, or leave it out for this user's own file"
    else:
        return
    raise NotConfigured(message)
