"""Kept sessions and the journal in Redis: for many processes on many machines."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from ..errors import NotConfigured
from ..options import check_text
from ..sealed import Sealed
from .durable import DurableStore
from .extras import load_extra
from .link import Link

_DATABASE = re.compile(r"/?[0-9]*/?")
"""What may be the path of a URL: the number of a database."""


class RedisStore(Sealed, DurableStore):
    """Keeps sessions in the Redis at *url*, under keys that begin with *prefix*.

    What a process held that died is anybody's to recover *lease_s* seconds after its last
    sign of life, on whatever machine; a living one renews its lease from its event loop,
    which must not stand still for that long. With *must_journal* a session that cannot be
    journalled is closed and the error raised; without, a warning is logged and a crash
    would leave that session. Needs the extra `redis`.
    """

    def __init__(
        self, url: str, *, prefix: str = "tmdb_auth", lease_s: float = 15.0, must_journal: bool = False
    ) -> None:
        """Use the server at *url*: `redis://`, `rediss://` for TLS or `unix://`; nothing is opened yet.

        Raises `NotConfigured` for a URL that cannot be one of these, or what is no prefix.
        """
        super().__init__(lease_s=lease_s)
        _check_url(url)
        check_text("prefix", prefix)
        self._url = url
        self._prefix = prefix
        self.must_journal = must_journal

    def __repr__(self) -> str:
        """Tell the prefix; the URL may hold a password."""
        return f"<RedisStore under {self._prefix!r}>"

    async def _open_link(self) -> Link:
        await load_extra("RedisStore", "redis", "redis.asyncio")
        from .redis_link import connect

        return connect(self._url, self._owner, prefix=self._prefix, lease_s=self._lease_s)


def _check_url(url: str) -> None:
    """Raise `NotConfigured`, which shows nothing of it, for a URL that is no Redis's, or names no database."""
    scheme, path = _parts(url)
    if scheme not in {"redis", "rediss", "unix"}:
        message = "the URL of Redis begins with redis://, with rediss:// for TLS, or with unix://: correct it"
        raise NotConfigured(message)
    if scheme != "unix" and not _DATABASE.fullmatch(path):
        message = (
            "what follows the host in the URL of Redis is the number of a database, as in redis://host:6379/0:"
            " correct it, and write a / in the password as %2F"
        )
        raise NotConfigured(message)


def _parts(url: str) -> tuple[str, str]:
    """Return scheme and path of *url*, which are empty where it is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, unquote(parts.path)
    except (ValueError, TypeError, AttributeError):  # what is no text has no scheme
        return "", ""
