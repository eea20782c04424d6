"""The pytest fixture `tmdb_manager`, and the check that a test leaves no session open at its fake."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from ..testing.plugin import asyncio_fixture, runner

if TYPE_CHECKING:
    from ..manager import SessionManager
    from ..testing.fake_tmdb.fake import FakeTMDB
    from .openers import Openers

MARK = "leaves_sessions"
_UNKNOWN = (
    "a request that no manager of this process got the answer to: by hand, lost on the way, or of another process"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}: the test means to leave sessions open at its fake_tmdb")


@pytest.fixture
def fake_tmdb(request: pytest.FixtureRequest) -> "Iterator[FakeTMDB]":
    """Serve a TMDB of this test's own, without a user; a session that the test leaves open there is an error.

    For asyncio tests of pytest-asyncio or of anyio. A test that means to leave sessions
    has the mark `leaves_sessions`.
    """
    from .openers import Openers

    fake: FakeTMDB = request.getfixturevalue(f"_fake_tmdb_by_{runner(request)}")
    openers = Openers()
    with openers.watching():
        yield fake
    if request.node.get_closest_marker(MARK) is None and (words := left_open(fake, openers)):
        pytest.fail(words, pytrace=False)


def left_open(fake: "FakeTMDB", openers: "Openers") -> str:
    """Say what is open at *fake*, and who opened it; nothing when nothing is."""
    kinds = [("session", fake.sessions), ("access token", fake.access_tokens)]
    lines = [f"  {kind} opened by {openers.place_of(one) or _UNKNOWN}" for kind, live in kinds for one in live]
    if not lines:
        return ""
    advice = f"Close what opened them (async with manager), or mark the test: @pytest.mark.{MARK}"
    return "\n".join([f"This test leaves open at the fake TMDB: {len(lines)}.", *sorted(lines), advice])


@asynccontextmanager
async def _managed(fake: "FakeTMDB") -> AsyncGenerator["SessionManager", None]:
    from ..credentials import BearerToken
    from ..manager import SessionManager
    from ..tmdb import TMDB

    with suppress(ValueError):  # the test knows ada already
        fake.add_user("ada", "secret")
    async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:
        yield manager


@asyncio_fixture
async def _tmdb_manager_by_asyncio(fake_tmdb: "FakeTMDB") -> AsyncGenerator["SessionManager", None]:
    async with _managed(fake_tmdb) as manager:
        yield manager


@pytest.fixture
async def _tmdb_manager_by_anyio(fake_tmdb: "FakeTMDB") -> AsyncGenerator["SessionManager", None]:
    async with _managed(fake_tmdb) as manager:
        yield manager


@pytest.fixture
def tmdb_manager(request: pytest.FixtureRequest, fake_tmdb: "FakeTMDB") -> "SessionManager":  # noqa: ARG001  # outlives it
    """Give a `SessionManager` on `fake_tmdb`, which knows the user ada whose password is secret; closed at the end."""
    manager: SessionManager = request.getfixturevalue(f"_tmdb_manager_by_{runner(request)}")
    return manager
