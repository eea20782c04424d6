"""The pytest plugin: fakes that are served for the length of a test; their fixtures for managers are in `watching`."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

try:
    import pytest_asyncio

    asyncio_fixture = pytest_asyncio.fixture  # which its strict mode insists on
except ImportError:
    asyncio_fixture = pytest.fixture  # type: ignore[assignment]  # both decorate; only their overloads differ

pytest_plugins = ("tmdb_auth_async.watching.plugin",)

if TYPE_CHECKING:
    from aioresponses import aioresponses

    from .fake_tmdb.fake import FakeTMDB
    from .fake_zitadel.fake import FakeZitadel


@asynccontextmanager
async def _served() -> AsyncGenerator["FakeTMDB", None]:
    from .fake_tmdb.fake import FakeTMDB

    async with FakeTMDB() as fake:
        yield fake


@asyncio_fixture
async def _fake_tmdb_by_asyncio() -> AsyncGenerator["FakeTMDB", None]:
    async with _served() as fake:
        yield fake


@pytest.fixture
async def _fake_tmdb_by_anyio() -> AsyncGenerator["FakeTMDB", None]:
    async with _served() as fake:
        yield fake


@asynccontextmanager
async def _zitadel_served() -> AsyncGenerator["FakeZitadel", None]:
    from .fake_zitadel.fake import FakeZitadel

    async with FakeZitadel() as fake:
        yield fake


@asyncio_fixture
async def _fake_zitadel_by_asyncio() -> AsyncGenerator["FakeZitadel", None]:
    async with _zitadel_served() as fake:
        yield fake


@pytest.fixture
async def _fake_zitadel_by_anyio() -> AsyncGenerator["FakeZitadel", None]:
    async with _zitadel_served() as fake:
        yield fake


@pytest.fixture
def fake_zitadel(request: pytest.FixtureRequest) -> "FakeZitadel":
    """Serve a ZITADEL of this test's own, without a user; for asyncio tests of pytest-asyncio or of anyio."""
    fake: FakeZitadel = request.getfixturevalue(f"_fake_zitadel_by_{runner(request)}")
    return fake


def runner(request: pytest.FixtureRequest) -> str:
    """Return whose asynchronous fixtures a test needs: `asyncio` or `anyio`."""
    return "anyio" if "anyio_backend" in request.fixturenames else "asyncio"


@pytest.fixture
def mock_aiohttp(monkeypatch: pytest.MonkeyPatch) -> "Iterator[aioresponses]":
    """Answer every request of every aiohttp `ClientSession` from what the test registers; needs aioresponses."""
    from .mocking import mocked_aiohttp

    with mocked_aiohttp(monkeypatch) as mocked:
        yield mocked
