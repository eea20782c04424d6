"""The fake ZITADEL fails as it is told, and shows no secret."""

from __future__ import annotations

import logging

import aiohttp
import pytest

from tmdb_auth_async.testing import FakeZitadel

from .zitadel_asking import ADA, SECRET, ask, create


async def test_it_begins_empty_and_ends_closed() -> None:
    """There is no session and no request before one came; afterwards nobody answers."""
    async with FakeZitadel() as fake:
        assert (fake.sessions, fake.requests) == (set(), [])
        url = fake.url
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.get(url)


async def test_a_fault_speaks_the_services_language(fake_zitadel: FakeZitadel) -> None:
    """By a status, an id that is known, a slug, a number, or nothing at all: the service is down."""
    for wanted, told in (
        ({}, (503, 14, "")),
        ({"status": 500}, (500, 13, "")),
        ({"status": 429}, (429, 8, "")),
        ({"status": 401}, (401, 16, "")),
        ({"code": "COMMAND-Hewfq"}, (400, 9, "COMMAND-Hewfq")),
        ({"code": "COMMAND-3M0fs", "status": 418}, (418, 3, "COMMAND-3M0fs")),
        ({"code": 7}, (403, 7, "")),
        ({"code": 77, "status": 499}, (499, 77, "")),
    ):
        fake_zitadel.fail(**wanted)
        assert (await ask(fake_zitadel, "POST", "/v2/sessions")).told == told
    fake_zitadel.fail(code="session.terminated", status=400)
    detail = (await ask(fake_zitadel, "POST", "/v2/sessions")).body["details"][0]
    assert detail["@type"] == "type.googleapis.com/zitadel.error.v2.ErrorDetail"
    assert detail["slug"] == "session.terminated"


async def test_a_lost_answer_was_carried_out(fake_zitadel: FakeZitadel) -> None:
    """The session is there, whatever its creator heard."""
    fake_zitadel.fail("lost answer", path="/v2/sessions")
    with pytest.raises(aiohttp.ClientError):
        await ask(fake_zitadel, "POST", "/v2/sessions", json={})
    assert len(fake_zitadel.sessions) == 1


async def test_unknown_paths_and_methods_are_refused(fake_zitadel: FakeZitadel) -> None:
    """404 for a path that is not there, 501 for a method that is not."""
    assert (await ask(fake_zitadel, "GET", "/v2/users")).told == (404, 5, "")
    assert (await ask(fake_zitadel, "PUT", "/v2/sessions")).told == (501, 12, "")


async def test_nothing_shows_a_secret(fake_zitadel: FakeZitadel, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a repr, nor the list of requests, nor a log at any level."""
    caplog.set_level(logging.DEBUG)
    fake_zitadel.add_user("ada", "pass-canary", SECRET)
    machine = fake_zitadel.add_machine()
    session_id, token = await create(fake_zitadel, {**ADA, "password": {"password": "pass-canary"}})
    path = f"/v2/sessions/{session_id}"
    await ask(fake_zitadel, "GET", path, query={"sessionToken": token})
    await ask(fake_zitadel, "DELETE", path, json={"sessionToken": token})
    await ask(fake_zitadel, "GET", f"/v2/unknown/{token}")
    state = fake_zitadel._state  # noqa: SLF001  # whatever a debugger may come across
    shown = [repr(one) for one in (fake_zitadel, machine, state, fake_zitadel.requests, *state.users.values())]
    shown += [repr(one) for one in (*state.sessions.values(), *state.callers.values())]
    seen = " ".join([*shown, *(record.getMessage() for record in caplog.records)])
    secrets = (session_id, token, fake_zitadel.token, "pass-canary", SECRET, machine.client_secret)
    assert not [secret for secret in secrets if secret in seen]
    assert [one.path for one in fake_zitadel.requests[1:3]] == ["/v2/sessions/{session_id}"] * 2


async def test_a_session_can_be_ended_by_others(fake_zitadel: FakeZitadel) -> None:
    """Once; then there is none to end."""
    session_id, _ = await create(fake_zitadel)
    fake_zitadel.revoke(session_id)
    assert not fake_zitadel.sessions
    with pytest.raises(LookupError):
        fake_zitadel.revoke(session_id)


async def test_names_are_taken_once(fake_zitadel: FakeZitadel) -> None:
    """In whichever case; a user id comes back, and a session can be had by it."""
    user_id = fake_zitadel.add_user("Ada@example.com", "secret")
    with pytest.raises(ValueError, match="before"):
        fake_zitadel.add_user("ada@EXAMPLE.com", "other")
    session_id, _ = await create(fake_zitadel, {"user": {"userId": user_id}})
    assert fake_zitadel.sessions == {session_id}
    with pytest.raises(LookupError, match="nobody"):
        fake_zitadel.lock("bob")
