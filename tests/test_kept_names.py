"""The names of kept sessions: told in errors, unless they may be what a browser logs in with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import plain
from tmdb_auth_async import NotConfigured, NotLoggedIn
from tmdb_auth_async.testing import FakeTMDB

from .kept_kit import LOGIN, completed, on
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


@pytest.mark.parametrize("name", [None, 7, b"ada", ["ada"]])
@pytest.mark.parametrize("is_durable", [False, True])
async def test_a_name_is_a_text(fake: FakeTMDB, tmp_path: Path, name: Any, *, is_durable: bool) -> None:
    """Anything else is refused before anything is sent, and what is kept can be listed as before."""
    async with on(fake, tmp_path / "sessions.db") if is_durable else plain(fake) as manager:
        await manager.login(LOGIN)
        fake.requests.clear()
        for use in (manager.login(LOGIN, name=name), manager.resume(name), manager.logout(name)):
            with pytest.raises(NotConfigured, match="must be a text, not a"):
                await use
        assert not fake.requests
        if name is not None:  # which is no name to keep a web login under
            with pytest.raises(NotConfigured, match="must be a text"):
                await completed(manager, name)
        assert await manager.names() == ("default",)
        await manager.logout()
    assert not fake.sessions
