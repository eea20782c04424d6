"""aioresponses answers a plain `ClientSession` on every aiohttp that we support."""

from __future__ import annotations

import aiohttp
import pytest
from aioresponses import CallbackResult, aioresponses

pytest_plugins = ("pytester",)

URL = "http://127.0.0.1:1/3/account"


async def test_a_registered_answer_is_read_as_json(mock_aiohttp: aioresponses) -> None:
    """Status, headers and JSON arrive as they were registered."""
    mock_aiohttp.get(URL, status=201, payload={"id": 7}, headers={"Retry-After": "3"})
    async with aiohttp.ClientSession() as client, client.get(URL) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (201, "3")
        assert await answer.json() == {"id": 7}
    mock_aiohttp.assert_called_once()


async def test_an_answer_may_be_computed(mock_aiohttp: aioresponses) -> None:
    """A callback sees the request and gives the answer."""

    def echo(url: object, *, json: object, **_: object) -> CallbackResult:
        return CallbackResult(status=200, body=f"{url} {json}")

    mock_aiohttp.post(URL, callback=echo)
    async with aiohttp.ClientSession() as client, client.post(URL, json=[1]) as answer:
        assert await answer.text() == f"{URL} [1]"


async def test_an_answer_may_be_an_error(mock_aiohttp: aioresponses) -> None:
    """An exception that was registered is raised, and so is one for an unknown address."""
    mock_aiohttp.get(URL, exception=aiohttp.ServerDisconnectedError())
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.get(URL)
        with pytest.raises(aiohttp.ClientConnectionError, match="Connection refused"):
            await client.get("http://127.0.0.1:1/elsewhere")


def test_without_aioresponses_that_is_said(pytester: pytest.Pytester) -> None:
    """The test that wants it fails in one line that says what to install."""
    pytester.makeconftest("import sys\n\nsys.modules['aioresponses'] = None\n")
    pytester.makepyfile("def test_it(mock_aiohttp): ...")
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=60)
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines(["mock_aiohttp needs aioresponses: pip install aioresponses"])
    found.stdout.no_fnmatch_line("*ModuleNotFoundError*")
