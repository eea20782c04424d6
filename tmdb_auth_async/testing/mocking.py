"""aioresponses, fit for every aiohttp that is supported."""

import functools
import inspect
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import Mock

import aiohttp
import pytest

if TYPE_CHECKING:
    from aioresponses import aioresponses


@contextmanager
def mocked_aiohttp(monkeypatch: pytest.MonkeyPatch) -> Generator["aioresponses", None, None]:
    """Give an `aioresponses` that works with the aiohttp at hand.

    aiohttp 3.14 made `stream_writer` a required argument of
    `ClientResponse`, of which aioresponses 0.7 does not know. What it counts (bytes sent)
    is of no use to a response that was never requested, so a stand-in that has sent
    nothing is handed in. On an aiohttp without the argument, or once aioresponses passes
    it, nothing changes.
    """
    try:
        import aioresponses.core
    except ImportError:
        pytest.fail("mock_aiohttp needs aioresponses: pip install aioresponses", pytrace=False)

    parameters = inspect.signature(aiohttp.ClientResponse).parameters
    if "stream_writer" in parameters:
        response = functools.partial(aiohttp.ClientResponse, stream_writer=Mock(output_size=0))
        monkeypatch.setattr(aioresponses.core, "ClientResponse", response)
    with aioresponses.aioresponses() as mocked:
        yield mocked
