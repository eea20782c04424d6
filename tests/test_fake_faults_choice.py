"""A fault strikes the requests it was meant for, as often as asked, and in the service's words."""

from __future__ import annotations

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import CONFIGURATION, GUEST_NEW, ask


async def test_a_status_strikes_its_path_as_often_as_asked(fake_tmdb: FakeTMDB) -> None:
    """Two faults of one path hit two requests of it, and no other path's."""
    fake_tmdb.fail(times=2, status=503, path=GUEST_NEW)
    assert (await ask(fake_tmdb, "GET", CONFIGURATION)).status == 200
    assert [(await ask(fake_tmdb, "GET", GUEST_NEW)).status for _ in range(3)] == [503, 503, 200]
    assert [one.status for one in fake_tmdb.requests] == [200, 503, 503, 200]


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (None, None, (503, 9)),
        (503, None, (503, 9)),
        (500, None, (500, 11)),
        (502, None, (502, 43)),
        (504, None, (504, 24)),
        (429, None, (429, 25)),
        (401, None, (401, 7)),
        (None, 46, (503, 46)),
        (200, 25, (200, 25)),
        (418, None, (418, None)),
        (None, 99, (400, 99)),
    ],
)
async def test_a_status_comes_with_tmdbs_words(
    fake_tmdb: FakeTMDB, status: int | None, code: int | None, told: tuple[int, int | None]
) -> None:
    """A status brings its usual code, a code its usual status, and both together are obeyed."""
    fake_tmdb.fail(status=status, code=code)
    reply = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (reply.status, reply.body.get("status_code")) == told
    assert reply.body["success"] is False


async def test_faults_strike_in_their_order_and_can_skip(fake_tmdb: FakeTMDB) -> None:
    """The first planned strikes first; skipped requests are spared and count for the next fault."""
    fake_tmdb.fail(status=500, skip=1)
    fake_tmdb.fail(status=502)
    assert [(await ask(fake_tmdb, "GET", GUEST_NEW)).status for _ in range(3)] == [502, 500, 200]


async def test_a_fault_without_an_end_lasts_until_healed(fake_tmdb: FakeTMDB) -> None:
    """`times=None` strikes until `heal`; `times=0` never."""
    fake_tmdb.fail(times=0)
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200
    fake_tmdb.fail(times=None)
    assert {(await ask(fake_tmdb, "GET", GUEST_NEW)).status for _ in range(5)} == {503}
    fake_tmdb.heal()
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200


@pytest.mark.parametrize(
    ("path", "method", "strikes"),
    [
        ("/3/movie/550", None, True),
        ("/3/movie/{movie_id}", "GET", True),
        ("/3/{anything}/550", None, True),
        ("/3/movie/551", None, False),
        ("/3/movie/{movie_id}/rating", None, False),
        ("/3/movie/{movie_id}", "POST", False),
    ],
)
async def test_a_fault_finds_its_requests(fake_tmdb: FakeTMDB, path: str, method: str | None, strikes: object) -> None:
    """A path is literal or a template, and a method narrows it down."""
    fake_tmdb.fail(path=path, method=method)
    assert (await ask(fake_tmdb, "GET", "/3/movie/550")).status == (503 if strikes else 200)


async def test_an_unknown_fault_is_refused(fake_tmdb: FakeTMDB) -> None:
    """A misspelt kind is told what there is."""
    with pytest.raises(ValueError, match="lost answer"):
        fake_tmdb.fail("exploding")  # type: ignore[arg-type]  # the very mistake
