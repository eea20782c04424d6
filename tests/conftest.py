"""What every test may ask for, beside the fixtures of the package's own pytest plugin."""

from __future__ import annotations

import gc
import signal
from collections.abc import AsyncIterator

import pytest

from tmdb_auth_async import retrying
from tmdb_auth_async.testing import FakeTMDB

from .redis_server import own_redis, prefix, redis_server
from .store_fixtures import ground, ring
from .zitadel_fixtures import machine

__all__ = ["ground", "machine", "own_redis", "prefix", "redis_server", "ring"]


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As where a shell has put the tests into the background: the programs that they interrupt would not notice.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTMDB]:
    """Serve a TMDB where ada has an account."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        yield fake


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait next to nothing between tries."""
    monkeypatch.setattr(retrying, "FIRST_WAIT_S", 0.002)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests leave sessions: the fake's own, the command line's kept logins, the demo's hand-written client."""
    for item in items:
        if item.path.name.startswith(("test_cli", "test_demo", "test_fake_tmdb")):
            item.add_marker(pytest.mark.leaves_sessions)


def pytest_collection_finish() -> None:
    """Keep what was collected out of the collector's sight: with so many tests, looking through it takes a while.

    Hypothesis, loaded after that, would not see who holds what its plugins hand it, and warn.
    """
    import hypothesis  # noqa: F401  # its own pytest plugin loads it at the latest when all tests are over

    gc.collect()
    gc.freeze()
