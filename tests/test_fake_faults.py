"""Every fault that a fake can be asked for happens as asked."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import GUEST_NEW, REQUEST_TOKEN, ask


async def test_a_retry_after_is_sent_as_given(fake_tmdb: FakeTMDB) -> None:
    """Seconds, a date or nonsense: the header says what the test wrote, or is not there."""
    for value in (0, 1.5, "Wed, 21 Oct 2026 07:28:00 GMT", "soon"):
        fake_tmdb.fail(status=429, retry_after=value)
        assert (await ask(fake_tmdb, "GET", GUEST_NEW)).headers["Retry-After"] == str(value)
    fake_tmdb.fail(status=429)
    assert "Retry-After" not in (await ask(fake_tmdb, "GET", GUEST_NEW)).headers


@pytest.mark.parametrize(("kind", "opened"), [("reset", 0), ("lost answer", 1), ("lost_answer", 1)])
async def test_a_reset_breaks_the_connection_before_or_after_the_work(
    fake_tmdb: FakeTMDB, kind: str, opened: int
) -> None:
    """A reset did nothing, a lost answer did everything; the client sees the same."""
    fake_tmdb.fail(kind)  # type: ignore[arg-type]  # an underscore is fine too, though not in the type
    with pytest.raises(aiohttp.ClientOSError):
        await ask(fake_tmdb, "POST", REQUEST_TOKEN)
    assert len(fake_tmdb.request_tokens) == opened
    assert [one.status for one in fake_tmdb.requests] == [None]
    assert (await ask(fake_tmdb, "POST", REQUEST_TOKEN)).status == 200


async def test_a_gateways_page_is_html(fake_tmdb: FakeTMDB) -> None:
    """An html fault is a 502 with a page, or the status that was asked for."""
    fake_tmdb.fail("html")
    fake_tmdb.fail("html", status=403, body=b"<h1>blocked</h1>")
    page = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (page.status, page.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert page.text.startswith("<html>")
    own = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (own.status, own.text) == (403, "<h1>blocked</h1>")


async def test_garbage_is_200_and_no_json(fake_tmdb: FakeTMDB) -> None:
    """Garbage claims to be JSON; a body of the test's own takes its place."""
    fake_tmdb.fail("garbage")
    fake_tmdb.fail(status=200, body=b'{"success":true}')
    garbage = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (garbage.status, garbage.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="utf-8"):
        _ = garbage.body
    own = await ask(fake_tmdb, "GET", GUEST_NEW)
    assert (own.status, own.body) == (200, {"success": True})
    assert not fake_tmdb.guest_sessions


async def test_a_hanging_request_is_held_until_its_client_leaves(fake_tmdb: FakeTMDB) -> None:
    """The client waits for nothing; once it has left nothing waits in the fake."""
    before = asyncio.all_tasks()
    fake_tmdb.fail("hang")
    asking = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await fake_tmdb.arrived(GUEST_NEW)
    assert not asking.done()
    asking.cancel()
    await asyncio.wait([asking])
    async with asyncio.timeout(2):
        while asyncio.all_tasks() - before:
            await asyncio.sleep(0)
    assert not fake_tmdb.guest_sessions


async def test_a_hanging_request_can_have_been_carried_out(fake_tmdb: FakeTMDB) -> None:
    """With carried_out the work is done although no answer comes; that goes for a status too."""
    fake_tmdb.fail("hang", carried_out=True)
    fake_tmdb.fail(status=504, carried_out=True)
    asking = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await fake_tmdb.arrived(GUEST_NEW)
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 504
    assert len(fake_tmdb.guest_sessions) == 2
    asking.cancel()
    await asyncio.wait([asking])


async def test_a_dripping_body_is_whole_in_the_end(fake_tmdb: FakeTMDB) -> None:
    """A dripped answer is the true one, in many pieces."""
    fake_tmdb.fail("drip", delay_s=0.0005)
    pieces = 0
    body = b""
    key = {"api_key": fake_tmdb.api_key}
    async with aiohttp.ClientSession() as client, client.get(fake_tmdb.url + GUEST_NEW, params=key) as answer:
        async for piece in answer.content.iter_any():
            pieces += 1
            body += piece
    assert pieces > 5
    assert fake_tmdb.guest_sessions == {json.loads(body)["guest_session_id"]}


async def test_a_truncated_body_ends_too_early(fake_tmdb: FakeTMDB) -> None:
    """Half the answer comes, of work that was done."""
    fake_tmdb.fail("truncated")
    with pytest.raises(aiohttp.ClientPayloadError):
        await ask(fake_tmdb, "GET", GUEST_NEW)
    assert len(fake_tmdb.guest_sessions) == 1


async def test_a_flood_ends_when_its_client_has_enough(fake_tmdb: FakeTMDB) -> None:
    """The body is far larger than any answer; a client that leaves ends it."""
    fake_tmdb.fail("flood")
    async with aiohttp.ClientSession() as client, client.get(fake_tmdb.url + GUEST_NEW) as answer:
        assert len(await answer.content.readexactly(1_000_000)) == 1_000_000
        answer.close()
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200


async def test_a_delayed_answer_comes_after_all(fake_tmdb: FakeTMDB) -> None:
    """A delayed request is carried out late, and another overtakes it."""
    fake_tmdb.fail("delay", delay_s=0.25)
    late = asyncio.create_task(ask(fake_tmdb, "GET", GUEST_NEW))
    await fake_tmdb.arrived(GUEST_NEW)
    assert not fake_tmdb.guest_sessions
    assert (await ask(fake_tmdb, "GET", GUEST_NEW)).status == 200
    assert not late.done()
    assert (await late).status == 200
    assert len(fake_tmdb.guest_sessions) == 2
