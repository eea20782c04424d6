"""What a test asks of a fake that can never happen is told where it is asked for."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tmdb_auth_async.testing import FakeTMDB, FakeZitadel

from .fake_asking import CONFIGURATION, GUEST_NEW, ask


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "3/configuration"}, "slash"),
        ({"path": ""}, "slash"),
        ({"path": f"{CONFIGURATION}?language=de"}, "query"),
        ({"path": f"http://127.0.0.1{CONFIGURATION}"}, "slash"),
        ({"method": ""}, "GET"),
        ({"method": "GET /3"}, "GET"),
        ({"times": -1}, "times"),
        ({"times": 1.5}, "times"),
        ({"skip": -1}, "skip"),
        ({"status": 99}, "100 to 599"),
        ({"status": 600}, "100 to 599"),
        ({"status": "503"}, "100 to 599"),
        ({"delay_s": -1}, "delay_s"),
        ({"delay_s": math.nan}, "delay_s"),
        ({"delay_s": math.inf}, "delay_s"),
    ],
)
async def test_a_fault_that_can_strike_nothing_is_refused(fake_tmdb: FakeTMDB, options: Any, said: str) -> None:
    """The error says what to correct, and nothing is planned."""
    with pytest.raises(ValueError, match=said):
        fake_tmdb.fail(**options)
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200


async def test_a_method_is_meant_in_any_case(fake_tmdb: FakeTMDB) -> None:
    """Of a fault, of a gate, of an arrival."""
    fake_tmdb.fail(path=GUEST_NEW, method="get")
    with fake_tmdb.hold(CONFIGURATION, method="post") as gate:
        assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 503
        assert gate.method == "POST"
    await fake_tmdb.arrived(GUEST_NEW, method="get", timeout_s=0)


@pytest.mark.parametrize("path", ["", "3/configuration", f"{CONFIGURATION}?page=1"])
async def test_a_gate_and_an_arrival_of_no_path_are_refused(fake_tmdb: FakeTMDB, path: str) -> None:
    """No request would ever stand there, or come."""
    with pytest.raises(ValueError, match="slash"):
        fake_tmdb.hold(path)
    with pytest.raises(ValueError, match="slash"):
        await fake_tmdb.arrived(path)
    with pytest.raises(ValueError, match="GET"):
        fake_tmdb.hold(CONFIGURATION, method=" ")


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf, "60"])
async def test_a_clock_goes_forward_by_so_much(fake_tmdb: FakeTMDB, fake_zitadel: FakeZitadel, seconds: Any) -> None:
    """An advance that is none is told, and the clock stays as it was."""
    for fake in (fake_tmdb, fake_zitadel):
        with pytest.raises(ValueError, match="seconds must be"):
            fake.advance(seconds)
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200


async def test_any_status_can_be_answered(fake_tmdb: FakeTMDB) -> None:
    """One that has no name in HTTP as well."""
    fake_tmdb.fail(status=599)
    reply = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (reply.status, reply.body) == (599, {"success": False, "status_message": "Unknown."})
