"""The fake ZITADEL terminates sessions by every row of the real one's table, over REST and over Connect."""

from __future__ import annotations

from typing import Any

import pytest

from tmdb_auth_async.testing import FakeZitadel

from .zitadel_asking import ADA, OWN, RPC, Reply, ask, create

NAMES = {5: "not_found", 7: "permission_denied", 16: "unauthenticated"}


@pytest.fixture(params=["rest", "connect"])
def envelope(request: pytest.FixtureRequest) -> str:
    """One of the two ways to ask."""
    return str(request.param)


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada."""
    fake_zitadel.add_user("ada", "secret")
    return fake_zitadel


async def _terminate(
    fake: FakeZitadel, envelope: str, session_id: str, token: str | None = None, *, bearer: str | None = OWN
) -> Reply:
    body: dict[str, Any] = {} if token is None else {"sessionToken": token}
    if envelope == "connect":
        return await ask(fake, "POST", f"{RPC}DeleteSession", json={**body, "sessionId": session_id}, bearer=bearer)
    return await ask(fake, "DELETE", f"/v2/sessions/{session_id}", json=body or None, bearer=bearer)


def _told(reply: Reply) -> tuple[int, int | str, str]:
    return reply.told


def _as(envelope: str, status: int, code: int, reason: str) -> tuple[int, int | str, str]:
    return status, code if envelope == "rest" else NAMES[code], reason


async def test_the_right_token_ends_it_and_again(fake: FakeZitadel, envelope: str) -> None:
    """Whoever asks: 200 with details, and the same a second time."""
    session_id, token = await create(fake, ADA)
    nobody = fake.add_caller()
    first = await _terminate(fake, envelope, session_id, token, bearer=nobody)
    assert (first.status, set(first.body["details"])) == (200, {"sequence", "changeDate", "resourceOwner"})
    assert not fake.sessions
    again = await _terminate(fake, envelope, session_id, token, bearer=nobody)
    assert (again.status, again.body) == (200, first.body)


async def test_an_unknown_id_is_fine_for_who_may_delete(fake: FakeZitadel, envelope: str) -> None:
    """Without a token: 200, and next to no details."""
    reply = await _terminate(fake, envelope, "1")
    assert (reply.status, set(reply.body["details"])) == (200, {"resourceOwner"})


async def test_a_token_is_the_only_thing_checked(fake: FakeZitadel, envelope: str) -> None:
    """A wrong or rotated one, or one for an unknown id, is refused even to who may delete."""
    session_id, old = await create(fake, ADA)
    await ask(fake, "PATCH", f"/v2/sessions/{session_id}", json={"lifetime": "60s"})
    for named, token in ((session_id, "x"), (session_id, old), ("1", old)):
        refused = await _terminate(fake, envelope, named, token)
        assert _told(refused) == _as(envelope, 403, 7, "COMMAND-sGr42")
    assert fake.sessions == {session_id}
    assert (await _terminate(fake, envelope, session_id)).status == 200


async def test_no_token_and_no_right(fake: FakeZitadel, envelope: str) -> None:
    """A member of something is told 403, a member of nothing 404."""
    session_id, _ = await create(fake, ADA)
    for bearer, told in (
        (fake.add_caller(["session.write"]), (403, 7, "AUTH-AWfge")),
        (fake.add_caller(), (404, 5, "AUTHZ-cdgFk")),
    ):
        assert _told(await _terminate(fake, envelope, session_id, bearer=bearer)) == _as(envelope, *told)
    assert fake.sessions == {session_id}


async def test_ones_own_session_needs_no_right(fake: FakeZitadel, envelope: str) -> None:
    """A user ends another of the user's sessions by that session's bearer."""
    first, _ = await create(fake, ADA)
    second, token = await create(fake, ADA)
    assert (await _terminate(fake, envelope, first, bearer=token)).status == 200
    assert fake.sessions == {second}


async def test_an_expired_session_can_be_terminated(fake: FakeZitadel, envelope: str) -> None:
    """By its token or without: 200, and it is listed no more."""
    for with_token in (True, False):
        session_id, token = await create(fake, ADA, lifetime="60s")
        fake.advance(61)
        assert (await _terminate(fake, envelope, session_id, token if with_token else None)).status == 200
    assert "sessions" not in (await ask(fake, "POST", "/v2/sessions/search", json={})).body


async def test_no_bearer_and_a_bad_one(fake: FakeZitadel, envelope: str) -> None:
    """Both are 401; only the bad one has an id. A session's token does not stand in for one."""
    session_id, token = await create(fake, ADA)
    for bearer, reason in ((None, ""), ("bad", "AUTH-7fs1e")):
        reply = await _terminate(fake, envelope, session_id, token, bearer=bearer)
        assert _told(reply) == _as(envelope, 401, 16, reason)
    assert fake.sessions == {session_id}


async def test_another_host_is_not_this_instance(fake: FakeZitadel, envelope: str) -> None:
    """A host that is not a domain of the instance gets a 404 which is no JSON."""
    path = f"{RPC}DeleteSession" if envelope == "connect" else "/v2/sessions/1"
    reply = await ask(fake, "POST" if envelope == "connect" else "DELETE", path, headers={"Host": "other.example"})
    assert reply.status == 404
    assert not reply.text.startswith("{")
    assert (await ask(fake, "GET", "/.well-known/openid-configuration", headers={"Host": "x"})).status == 404
    assert (await ask(fake, "POST", "/oauth/v2/token", headers={"Host": "x"})).status == 404
