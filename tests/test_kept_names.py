"""The names of kept sessions: told in errors, unless they may be what a browser logs in with."""

from __future__ import annotations

import re

import pytest

from tests.chaos import plain
from tmdb_auth_async import NotLoggedIn
from tmdb_auth_async.testing import FakeTMDB

from .showing import shown


@pytest.mark.parametrize("name", ["ada", "default", "user 17", "a-name-of-many-small-letters", "ada@films.example.org"])
async def test_a_name_that_nothing_is_kept_under_is_quoted(fake: FakeTMDB, name: str) -> None:
    """Who asked for a session that is not there reads which, and how to open it."""
    async with plain(fake) as manager:
        with pytest.raises(NotLoggedIn, match=re.escape(f"log in first, with manager.login(strategy, name={name!r})")):
            await manager.resume(name)


@pytest.mark.parametrize(
    "name",
    [
        "UbqdzUeJQH7RIyAuFlxIfGK-SFMg6QPi63YIMxZaRvQ",
        "visitor:B0Xk_cKMqqhzM5VQ6w2c-A",
        "hHoGwNXQeLZtZlRkYcQsUwXyJpVfBdAmTiKnEgSrMuO",
        "0e7b1c8a90b14df9a3c6f1d2e4b5a697",
    ],
)
async def test_a_name_that_may_be_a_credential_is_not_quoted(fake: FakeTMDB, name: str) -> None:
    """A web service keeps sessions under the cookies of its visitors, which no error report is to hold."""
    async with plain(fake) as manager:
        for use in (manager.resume, manager.logout):
            with pytest.raises(NotLoggedIn, match=r"not shown here.*log in first") as caught:
                await use(name)
            assert name[-20:] not in shown(caught.value)
