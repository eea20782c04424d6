"""A fault of a fake's own is answered, and logged without a secret."""

from __future__ import annotations

import aiohttp
import pytest

from tmdb_auth_async.testing.clock import Clock
from tmdb_auth_async.testing.messages import Answer, Incoming, json_answer
from tmdb_auth_async.testing.routes import Route
from tmdb_auth_async.testing.server import FakeServer


class _Broken(FakeServer[dict[str, str]]):
    """The smallest fake there is, of which nothing works."""

    def __init__(self) -> None:
        def broken(state: dict[str, str], incoming: Incoming) -> Answer:
            return json_answer(state[incoming.ids["key"]])

        super().__init__({}, [Route("GET", "/keys/{key}", broken)], clock=Clock())

    def _refuse(self, status: int | None, code: int | str | None) -> Answer:
        return Answer(status or 503, b"refused", "text/plain")

    def _no_such_path(self) -> Answer:
        return self._refuse(404, None)

    def _no_such_method(self) -> Answer:
        return self._refuse(405, None)


async def test_a_fault_of_the_fakes_own_is_a_500_without_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """A handler that fails is named by its error's type and its path's template; its client is answered."""
    async with (
        _Broken() as fake,
        aiohttp.ClientSession() as client,
        client.get(f"{fake.url}/keys/canary") as answer,
    ):
        assert (answer.status, await answer.text()) == (500, "refused")
    assert caplog.messages == ["KeyError failed on GET /keys/{key}"]
    assert "canary" not in caplog.text
