"""Every fault that a fake can be asked for happens as asked, and only then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tmdb_auth_async.testing import FakeTMDB

PATH = "/3/authentication/guest_session/new"
OTHER = "/3/configuration"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client that opens a connection for each request."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def _get(client: aiohttp.ClientSession, fake: FakeTMDB, path: str = PATH) -> tuple[int, bytes]:
    async with client.get(fake.url + path, params={"api_key": fake.api_key}) as answer:
        return answer.status, await answer.read()


async def _post(client: aiohttp.ClientSession, fake: FakeTMDB) -> int:
    """Ask for a v4 request token; unlike a GET, no client repeats that by itself."""
    headers = {"Authorization": f"Bearer {fake.read_access_token}"}
    async with client.post(fake.url + "/4/auth/request_token", headers=headers) as answer:
        return answer.status


async def test_a_status_strikes_its_path_as_often_as_asked(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """Two faults of one path hit two requests of it, and no other path's."""
    fake_tmdb.fail(times=2, status=503, path=PATH)
    assert (await _get(client, fake_tmdb, OTHER))[0] == 200
    assert [(await _get(client, fake_tmdb))[0] for _ in range(3)] == [503, 503, 200]
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
    fake_tmdb: FakeTMDB,
    client: aiohttp.ClientSession,
    status: int | None,
    code: int | None,
    told: tuple[int, int | None],
) -> None:
    """A status brings its usual code, a code its usual status, and both together are obeyed."""
    fake_tmdb.fail(status=status, code=code)
    answered, body = await _get(client, fake_tmdb)
    assert (answered, json.loads(body).get("status_code")) == told
    assert json.loads(body)["success"] is False


async def test_a_retry_after_is_sent_as_given(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """Seconds, a date or nonsense: the header says what the test wrote, or is not there."""
    for value in (0, 1.5, "Wed, 21 Oct 2026 07:28:00 GMT", "soon"):
        fake_tmdb.fail(status=429, retry_after=value)
        async with client.get(fake_tmdb.url + PATH) as answer:
            assert answer.headers["Retry-After"] == str(value)
    fake_tmdb.fail(status=429)
    async with client.get(fake_tmdb.url + PATH) as answer:
        assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(("kind", "opened"), [("reset", 0), ("lost answer", 1), ("lost_answer", 1)])
async def test_a_reset_breaks_the_connection_before_or_after_the_work(
    fake_tmdb: FakeTMDB, client: aiohttp.ClientSession, kind: str, opened: int
) -> None:
    """A reset did nothing, a lost answer did everything; the client sees the same."""
    fake_tmdb.fail(kind)  # type: ignore[arg-type]  # an underscore is fine too, though not in the type
    with pytest.raises(aiohttp.ClientOSError):
        await _post(client, fake_tmdb)
    assert len(fake_tmdb.request_tokens) == opened
    assert [one.status for one in fake_tmdb.requests] == [None]
    assert await _post(client, fake_tmdb) == 200


async def test_a_gateways_page_is_html(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """An html fault is a 502 with a page, or the status that was asked for."""
    fake_tmdb.fail("html")
    fake_tmdb.fail("html", status=403, body=b"<h1>blocked</h1>")
    async with client.get(fake_tmdb.url + PATH) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
        assert (await answer.text()).startswith("<html>")
    assert await _get(client, fake_tmdb) == (403, b"<h1>blocked</h1>")


async def test_garbage_is_200_and_no_json(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """Garbage claims to be JSON; a body of the test's own takes its place."""
    fake_tmdb.fail("garbage")
    fake_tmdb.fail(status=200, body=b'{"success":true}')
    status, body = await _get(client, fake_tmdb)
    assert status == 200
    with pytest.raises(ValueError, match="utf-8"):
        json.loads(body)
    assert await _get(client, fake_tmdb) == (200, b'{"success":true}')
    assert not fake_tmdb.guest_sessions


async def test_a_hanging_request_is_held_until_its_client_leaves(
    fake_tmdb: FakeTMDB, client: aiohttp.ClientSession
) -> None:
    """The client waits for nothing; once it has left nothing waits in the fake."""
    before = asyncio.all_tasks()
    fake_tmdb.fail("hang")
    asking = asyncio.create_task(_get(client, fake_tmdb))
    await fake_tmdb.arrived(PATH)
    assert not asking.done()
    asking.cancel()
    await asyncio.wait([asking])
    async with asyncio.timeout(2):
        while asyncio.all_tasks() - before:
            await asyncio.sleep(0)
    assert not fake_tmdb.guest_sessions


async def test_a_hanging_request_can_have_been_carried_out(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """With carried_out the work is done although no answer comes; that goes for a status too."""
    fake_tmdb.fail("hang", carried_out=True)
    fake_tmdb.fail(status=504, carried_out=True)
    asking = asyncio.create_task(_get(client, fake_tmdb))
    await fake_tmdb.arrived(PATH)
    assert (await _get(client, fake_tmdb))[0] == 504
    assert len(fake_tmdb.guest_sessions) == 2
    asking.cancel()
    await asyncio.wait([asking])


async def test_a_dripping_body_is_whole_in_the_end(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """A dripped answer is the true one, in many pieces."""
    fake_tmdb.fail("drip", delay_s=0.0005)
    pieces = 0
    body = b""
    async with client.get(fake_tmdb.url + PATH, params={"api_key": fake_tmdb.api_key}) as answer:
        async for piece in answer.content.iter_any():
            pieces += 1
            body += piece
    assert pieces > 5
    assert fake_tmdb.guest_sessions == {json.loads(body)["guest_session_id"]}


async def test_a_truncated_body_ends_too_early(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """Half the answer comes, of work that was done."""
    fake_tmdb.fail("truncated")
    with pytest.raises(aiohttp.ClientPayloadError):
        await _get(client, fake_tmdb)
    assert len(fake_tmdb.guest_sessions) == 1


async def test_a_flood_ends_when_its_client_has_enough(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """The body is far larger than any answer; a client that leaves ends it."""
    fake_tmdb.fail("flood")
    async with client.get(fake_tmdb.url + PATH) as answer:
        assert len(await answer.content.readexactly(1_000_000)) == 1_000_000
        answer.close()
    assert (await _get(client, fake_tmdb))[0] == 200


async def test_a_delayed_answer_comes_after_all(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """A delayed request is carried out late, and another overtakes it."""
    fake_tmdb.fail("delay", delay_s=0.25)
    late = asyncio.create_task(_get(client, fake_tmdb))
    await fake_tmdb.arrived(PATH)
    assert not fake_tmdb.guest_sessions
    assert (await _get(client, fake_tmdb))[0] == 200
    assert not late.done()
    assert (await late)[0] == 200
    assert len(fake_tmdb.guest_sessions) == 2


async def test_faults_strike_in_their_order_and_can_skip(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """The first planned strikes first; skipped requests are spared and count for the next fault."""
    fake_tmdb.fail(status=500, skip=1)
    fake_tmdb.fail(status=502)
    assert [(await _get(client, fake_tmdb))[0] for _ in range(3)] == [502, 500, 200]


async def test_a_fault_without_an_end_lasts_until_healed(fake_tmdb: FakeTMDB, client: aiohttp.ClientSession) -> None:
    """`times=None` strikes until `heal`; `times=0` never."""
    fake_tmdb.fail(times=0)
    assert (await _get(client, fake_tmdb))[0] == 200
    fake_tmdb.fail(times=None)
    assert {(await _get(client, fake_tmdb))[0] for _ in range(5)} == {503}
    fake_tmdb.heal()
    assert (await _get(client, fake_tmdb))[0] == 200


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
async def test_a_fault_finds_its_requests(
    fake_tmdb: FakeTMDB, client: aiohttp.ClientSession, path: str, method: str | None, strikes: object
) -> None:
    """A path is literal or a template, and a method narrows it down."""
    fake_tmdb.fail(path=path, method=method)
    assert (await _get(client, fake_tmdb, "/3/movie/550"))[0] == (503 if strikes else 200)


async def test_an_unknown_fault_is_refused(fake_tmdb: FakeTMDB) -> None:
    """A misspelt kind is told what there is."""
    with pytest.raises(ValueError, match="lost answer"):
        fake_tmdb.fail("exploding")  # type: ignore[arg-type]  # the very mistake
