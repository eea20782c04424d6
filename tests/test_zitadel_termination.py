"""Terminating a session at ZITADEL: each row of the table, and what a close makes of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tmdb_auth_async import (
    AppCredentialRefused,
    BearerToken,
    NotConfigured,
    PermissionDenied,
    Refused,
    SessionManager,
    SessionNotFound,
    zitadel,
)
from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.zitadel import Zitadel, ZitadelLogin, ZitadelSession

from .zitadel_asking import ADA, ask, create, managed

LOGIN = ZitadelLogin("ada", password="secret")
PATH = "/v2/sessions/{session_id}"


@pytest.fixture
def fake(fake_zitadel: FakeZitadel) -> FakeZitadel:
    """Serve a ZITADEL that knows ada."""
    fake_zitadel.add_user("ada", "secret")
    return fake_zitadel


def _by(fake: FakeZitadel, *permissions: str, member: bool = True) -> BearerToken:
    return BearerToken(fake.add_caller(permissions if member else None))


async def test_by_the_right_token_and_a_second_time(fake: FakeZitadel) -> None:
    """Whoever asks: details, and the same details again."""
    session_id, token = await create(fake, ADA)
    async with managed(fake, _by(fake, member=False)) as manager:
        details = await manager.ask(zitadel.terminate_session(session_id, token))
        assert (details.sequence, details.creation_date) == (3, None)
        assert details.change_date is not None
        assert not fake.sessions
        assert await manager.ask(zitadel.terminate_session(session_id, token)) == details


async def test_an_unknown_id_without_a_token(fake: FakeZitadel) -> None:
    """Is fine for who may delete: next to no details."""
    async with managed(fake) as manager:
        details = await manager.ask(zitadel.terminate_session("1"))
    assert (details.sequence, details.change_date) == (None, None)


@pytest.mark.parametrize("which", ["wrong", "rotated", "unknown id"])
async def test_a_wrong_token(fake: FakeZitadel, which: str) -> None:
    """Is refused to everybody, who may delete among them; the session stays."""
    session_id, token = await create(fake, ADA)
    if which == "rotated":
        await ask(fake, "PATCH", f"/v2/sessions/{session_id}", json={"lifetime": "60s"})
    named = "1" if which == "unknown id" else session_id
    async with managed(fake) as manager:
        with pytest.raises(PermissionDenied) as refused:
            await manager.ask(zitadel.terminate_session(named, "x" if which == "wrong" else token))
        assert (refused.value.status, refused.value.code) == (403, "COMMAND-sGr42")
        assert fake.sessions == {session_id}


async def test_no_token_and_no_right(fake: FakeZitadel) -> None:
    """Is refused, and not taken for *already gone*."""
    session_id, _ = await create(fake, ADA)
    async with managed(fake, _by(fake, "session.write")) as manager:
        with pytest.raises(PermissionDenied) as refused:
            await manager.ask(zitadel.terminate_session(session_id))
    assert (refused.value.status, refused.value.code) == (403, "AUTH-AWfge")


async def test_a_member_of_nothing(fake: FakeZitadel) -> None:
    """Gets a 404 that is a refusal like any other: the session is there."""
    session_id, _ = await create(fake, ADA)
    async with managed(fake, _by(fake, member=False)) as manager:
        with pytest.raises(Refused, match="member") as refused:
            await manager.ask(zitadel.terminate_session(session_id))
    assert type(refused.value) is Refused
    assert (refused.value.status, refused.value.code) == (404, "AUTHZ-cdgFk")
    assert fake.sessions == {session_id}


async def test_a_host_that_is_no_domain_of_the_instance(fake: FakeZitadel) -> None:
    """Gets a 404 too, which says to look at the host."""
    service = Zitadel(fake.url.replace("127.0.0.1", "localhost"))
    async with SessionManager(BearerToken(fake.token), service=service) as manager:
        with pytest.raises(Refused, match="host") as refused:
            await manager.ask(zitadel.terminate_session("1"))
    assert (type(refused.value), refused.value.status, refused.value.code) == (Refused, 404, None)


async def test_an_expired_session(fake: FakeZitadel) -> None:
    """Is terminated like another."""
    session_id, token = await create(fake, ADA, lifetime="60s")
    fake.advance(61)
    async with managed(fake) as manager:
        assert (await manager.ask(zitadel.terminate_session(session_id, token))).sequence == 3


async def test_no_bearer_and_a_bad_one(fake: FakeZitadel) -> None:
    """Are the app credential's refusal."""
    session_id, token = await create(fake, ADA)
    async with managed(fake, BearerToken("bad")) as manager:
        with pytest.raises(AppCredentialRefused) as refused:
            await manager.ask(zitadel.terminate_session(session_id, token))
        assert (refused.value.status, refused.value.code) == (401, "AUTH-7fs1e")
        unsigned = zitadel.terminate_session(session_id, token)
        with pytest.raises(AppCredentialRefused) as refused:
            await manager.ask(unsigned.sending(unsigned.request.authorized("")))
        assert (refused.value.status, refused.value.code) == (401, 16)


async def test_a_scope_closes_by_its_token(fake: FakeZitadel) -> None:
    """A caller that may only create ends what it made, by one request."""
    async with managed(fake, _by(fake, "session.write")) as manager:
        async with manager.session(LOGIN):
            assert len(fake.sessions) == 1
        assert not fake.sessions
    assert [one.method for one in fake.requests] == ["POST", "DELETE"]


async def test_a_token_that_was_replaced_is_tried_and_then_none(fake: FakeZitadel) -> None:
    """A close whose token somebody has rotated meanwhile ends the session by the app's own right."""
    async with managed(fake) as manager:
        async with manager.session(LOGIN) as session:
            await ask(fake, "PATCH", f"/v2/sessions/{session.id}", json={"lifetime": "60s"})
        assert not fake.sessions
        assert manager.stats().open_now == 0
    assert [one.status for one in fake.requests if one.method == "DELETE"] == [403, 200]


async def test_a_close_that_is_refused_says_what_stays(fake: FakeZitadel, caplog: pytest.LogCaptureFixture) -> None:
    """Without a good token and without the right, a few tries are made, and the session is counted as open."""
    caplog.set_level(logging.WARNING, "tmdb_auth_async")
    async with managed(fake, _by(fake, "session.write"), close_timeout_s=2, retries=1) as manager:
        async with manager.session(LOGIN) as session:
            await ask(fake, "PATCH", f"/v2/sessions/{session.id}", json={"lifetime": "60s"})
        assert manager.stats().open_now == 1
    assert [one.status for one in fake.requests if one.method == "DELETE"] == [403, 403] * 2
    assert "stays open" in caplog.text


@pytest.mark.parametrize("code", ["AUTHZ-cdgFk", 5, "AUTH-AWfge"])
async def test_a_404_or_another_403_does_not_count_as_closed(fake: FakeZitadel, code: str | int) -> None:
    """The close is tried again, by the same token, until the service has heard it."""
    async with managed(fake) as manager:
        async with manager.session(LOGIN) as session:
            fake.fail(code=code, method="DELETE")
        assert manager.stats().open_now == 0
        assert session.closed
    assert not fake.sessions
    assert [one.status for one in fake.requests if one.method == "DELETE"][1:] == [200]


@pytest.mark.parametrize("code", ["QUERY-SFeaa", "COMMAND-Hewfq", "COMMAND-Hkl3d"])
async def test_a_session_that_is_not_found_is_closed(fake: FakeZitadel, code: str) -> None:
    """These ids say that there is nothing to end."""
    async with managed(fake) as manager:
        async with manager.session(LOGIN):
            fake.fail(code=code, method="DELETE")
        assert manager.stats().open_now == 0
    assert [one.method for one in fake.requests].count("DELETE") == 1


async def test_a_lost_answer_is_asked_for_again(fake: FakeZitadel) -> None:
    """A second termination is fine, so a delete is repeated."""
    async with managed(fake) as manager:
        async with manager.session(LOGIN):
            fake.fail("lost answer", method="DELETE")
        assert manager.stats().open_now == 0
    assert [one.status for one in fake.requests if one.method == "DELETE"] == [None, 200]


async def test_a_close_that_hangs_goes_on_behind(fake: FakeZitadel) -> None:
    """The block leaves after close_timeout_s, and the manager sees to the rest."""
    async with managed(fake, close_timeout_s=0.4) as manager:
        gate = fake.hold(PATH, method="DELETE")
        async with asyncio.timeout(5):
            async with manager.session(LOGIN):
                pass
        assert len(fake.sessions) == 1
        gate.release()
    assert not fake.sessions


async def test_recipes_hold(fake: FakeZitadel) -> None:
    """Who terminates another's session must know its token, or hold the permission."""
    session_id, _ = await create(fake, ADA)
    async with managed(fake, _by(fake, "session.delete")) as manager:
        await manager.ask(zitadel.terminate_session(session_id))
        with pytest.raises(SessionNotFound):
            await manager.ask(zitadel.get_session(session_id))


def test_a_session_is_kept_as_text() -> None:
    """With an end and without: what is dumped makes the same session again."""
    for session in (ZitadelSession("1", "t"), *_with_an_end()):
        assert ZitadelSession.load(session.dump()) == session


def _with_an_end() -> list[ZitadelSession]:
    call = zitadel.create_session(lifetime_s=60)
    assert call.opens
    session = call.opens(zitadel.CreatedSession("1", "t"))
    assert isinstance(session, ZitadelSession)
    assert session.expires_at
    return [session]


@pytest.mark.parametrize(
    "url", ["id.example.com", "http://id.example.com", "https://", "https://u:p@id.example.com", ""]
)
def test_an_instance_is_at_a_url(url: str) -> None:
    """With a scheme and a host, and https but on this machine."""
    with pytest.raises(NotConfigured):
        Zitadel(url)
    assert Zitadel("https://id.example.com/").url == Zitadel("https://id.example.com").website
