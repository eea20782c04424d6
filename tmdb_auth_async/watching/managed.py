"""A manager on a fake, with a user who can log in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from ..credentials import BearerToken
from ..manager import SessionManager
from ..testing.fake_tmdb.fake import FakeTMDB
from ..tmdb import TMDB


@asynccontextmanager
async def managed(fake: FakeTMDB) -> AsyncGenerator[SessionManager, None]:
    """Give a manager on *fake*, which knows the user ada whose password is secret."""
    with suppress(ValueError):  # the test knows ada already
        fake.add_user("ada", "secret")
    async with SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url)) as manager:
        yield manager
