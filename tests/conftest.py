"""What every test may ask for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from unittest.mock import Mock

import aiohttp
import aioresponses.core
import pytest


@pytest.fixture
def mock_aiohttp(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses.aioresponses]:
    """Answer every request of every `ClientSession` from what the test registers, without a network.

    aiohttp 3.14 made `stream_writer` a required argument of `ClientResponse`; aioresponses 0.7
    does not know of it. What it counts (bytes sent) is of no use to a response that was never
    requested, so a stand-in that has sent nothing is handed in, by the name that aioresponses
    calls. On an aiohttp without the argument, or once aioresponses passes it, nothing changes.
    """
    parameters = inspect.signature(aiohttp.ClientResponse).parameters
    if "stream_writer" in parameters:
        response = functools.partial(aiohttp.ClientResponse, stream_writer=Mock(output_size=0))
        monkeypatch.setattr(aioresponses.core, "ClientResponse", response)
    with aioresponses.aioresponses() as mocked:
        yield mocked
