"""Kept sessions and the journal in Redis: for many processes on many machines."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import NotConfigured
from ..sealed import Sealed
from .durable import DurableStore
from .extras import load_extra
from .link import Link


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
        """Use the server at *url*: `redis://`, `rediss://` for TLS or `unix://`; nothing is opened yet."""
        super().__init__(lease_s=lease_s)
        if not _is_redis(url):
            message = "the URL of Redis begins with redis://, with rediss:// for TLS, or with unix://: correct it"
            raise NotConfigured(message)
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


def _is_redis(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"redis", "rediss", "unix"}
    except (ValueError, TypeError, AttributeError):  # what is no text has no scheme
        return False
