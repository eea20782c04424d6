"""A URL where the path of a file is wanted: refused before a folder gets its password for a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tmdb_auth_async import NotConfigured
from tmdb_auth_async.stores import SQLiteStore

from .showing import shown


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("redis://:canary@h/0", "RedisStore"),
        ("Rediss://user:canary@h", "RedisStore"),
        ("unix:///run/redis.sock?password=canary", "RedisStore"),
        (Path("redis://:canary@h/0"), "RedisStore"),
        (' "redis://:canary@h/0"', "RedisStore"),
        ("postgres://u:canary@h/db", "path alone"),
        ("sqlite:///canary.db", "path alone"),
        ("file:/srv/canary.db", "path alone"),
    ],
)
def test_a_url_is_no_path(url: str | Path, advice: str) -> None:
    """The error says what to write in its place, and shows nothing of it."""
    with pytest.raises(NotConfigured, match=advice) as caught:
        SQLiteStore(url)
    assert "canary" not in shown(caught.value)


@pytest.mark.parametrize("path", ["C:/data/s.db", "C://data/s.db", "a:b.db", "/srv/redis:/s.db", "://s.db"])
def test_a_path_with_a_colon_is_one(path: str) -> None:
    """A drive of Windows has one letter, and a file may have any name."""
    assert str(Path(path)) in repr(SQLiteStore(path))
