"""The pytest plugin, which loads what it needs only for a test that asks for a fixture.

For pytest loads its plugins in every project of an environment.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

try:
    import pytest_asyncio

    asyncio_fixture = pytest_asyncio.fixture  # which its strict mode insists on
except ImportError:
    asyncio_fixture = pytest.fixture  # type: ignore[assignment]  # both decorate; only their overloads differ

if TYPE_CHECKING:
    from aioresponses import aioresponses

    from ..manager import SessionManager
    from ..testing import FakeTMDB, FakeZitadel

MARK = "leaves_sessions"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}: the test means to leave sessions open at its fake_tmdb")


@asyncio_fixture
async def _fake_tmdb_by_asyncio() -> AsyncGenerator[FakeTMDB, None]:
    from ..testing import FakeTMDB

    async with FakeTMDB() as fake:
        yield fake


@pytest.fixture
async def _fake_tmdb_by_anyio() -> AsyncGenerator[FakeTMDB, None]:
    from ..testing import FakeTMDB

    async with FakeTMDB() as fake:
        yield fake


@pytest.fixture
def fake_tmdb(request: pytest.FixtureRequest) -> Iterator[FakeTMDB]:
    """Serve a TMDB of this test's own, without a user; a session that the test leaves open there is an error.

    For asyncio tests of pytest-asyncio or of anyio. A test that means to leave sessions
    has the mark `leaves_sessions`.
    """
    from .left import left_open
    from .openers import Openers

    fake: FakeTMDB = _by_runner(request)
    openers = Openers()
    with openers.watching():
        yield fake
    if request.node.get_closest_marker(MARK) is None and (lines := left_open(fake, openers)):
        advice = f"Close what opened them (async with manager), or mark the test: @pytest.mark.{MARK}"
        pytest.fail("\n".join([*lines, advice]), pytrace=False)


@asyncio_fixture
async def _fake_zitadel_by_asyncio() -> AsyncGenerator[FakeZitadel, None]:
    from ..testing import FakeZitadel

    async with FakeZitadel() as fake:
        yield fake


@pytest.fixture
async def _fake_zitadel_by_anyio() -> AsyncGenerator[FakeZitadel, None]:
    from ..testing import FakeZitadel

    async with FakeZitadel() as fake:
        yield fake


@pytest.fixture
def fake_zitadel(request: pytest.FixtureRequest) -> FakeZitadel:
    """Serve a ZITADEL of this test's own, without a user; for asyncio tests of pytest-asyncio or of anyio."""
    fake: FakeZitadel = _by_runner(request)
    return fake


@asyncio_fixture
async def _tmdb_manager_by_asyncio(fake_tmdb: FakeTMDB) -> AsyncGenerator[SessionManager, None]:
    from .managed import managed

    async with managed(fake_tmdb) as manager:
        yield manager


@pytest.fixture
async def _tmdb_manager_by_anyio(fake_tmdb: FakeTMDB) -> AsyncGenerator[SessionManager, None]:
    from .managed import managed

    async with managed(fake_tmdb) as manager:
        yield manager


@pytest.fixture
def tmdb_manager(request: pytest.FixtureRequest, fake_tmdb: FakeTMDB) -> SessionManager:  # noqa: ARG001  # outlives it
    """Give a `SessionManager` on `fake_tmdb`, which knows the user ada whose password is secret; closed at the end."""
    manager: SessionManager = _by_runner(request)
    return manager


@pytest.fixture
def mock_aiohttp(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses]:
    """Answer every request of every aiohttp `ClientSession` from what the test registers; needs aioresponses."""
    from ..testing.mocking import mocked_aiohttp

    with mocked_aiohttp(monkeypatch) as mocked:
        yield mocked


def _by_runner(request: pytest.FixtureRequest) -> Any:
    """Return what is wanted from the fixture that runs in the event loop of the test; fails where none does."""
    from .runners import runner_of

    return request.getfixturevalue(f"_{request.fixturename}_by_{runner_of(request)}")
