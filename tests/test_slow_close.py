"""A service that takes its time over a delete, or loses one, is heard in the end."""

from __future__ import annotations

import pytest

from tmdb_auth_async import RequestTokenLogin
from tmdb_auth_async.testing import FakeTMDB

from .scope_kit import DELETE, WAYS, managed


@WAYS
async def test_a_delete_that_takes_longer_than_one_try_is_waited_for(fake: FakeTMDB, ada: RequestTokenLogin) -> None:
    """Each try would be given up before its answer; the second stays on its way while others are sent."""
    async with managed(fake, close_timeout_s=2.0) as manager:
        fake.fail("delay", path=DELETE, method="DELETE", delay_s=0.8, times=None)
        async with manager.session(ada):
            pass
    assert manager.stats().open_now == 0
    assert manager.stats().closed == 1


@WAYS
@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_deletes_that_are_never_answered_cost_a_share_each(
    fake: FakeTMDB, ada: RequestTokenLogin, lost: int
) -> None:
    """The one that is answered ends the close, and nothing waits for the others; each but the first is a retry."""
    async with managed(fake, close_timeout_s=2.0) as manager:
        fake.fail("hang", path=DELETE, method="DELETE", times=lost)
        async with manager.session(ada):
            pass
    assert not fake.sessions
    assert manager.stats().open_now == 0
    assert manager.stats().retried == lost
