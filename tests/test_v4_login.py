"""Logins by v4: the user's access token, and the v3 session made from it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from tmdb_auth_async import (
    Ask,
    BearerToken,
    Browser,
    Call,
    Chain,
    Guest,
    Link,
    NotConfigured,
    Password,
    PermissionDenied,
    Redirect,
    Request,
    RequestTokenLogin,
    ServiceDown,
    V4Conversion,
    V4Login,
    tmdb,
)
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.tmdb import Acknowledged

from .asking_kit import managed
from .people import decide, tmdb_and_ada
from .scripted import Scripted, http

CONVERT = "/3/authentication/session/convert/4"
DELETE_TOKEN = ("DELETE", "/4/auth/access_token")
DELETE_SESSION = ("DELETE", "/3/authentication/session")


async def _approve(link: object) -> None:
    await decide(str(link))


LOGIN = V4Login(Link(_approve))


def _deletes(fake: FakeTMDB) -> list[tuple[str, str]]:
    return [(request.method, request.path) for request in fake.requests if request.method == "DELETE"]


async def test_a_v4_login_is_the_users_access_token() -> None:
    """It signs as the user, knows the account, and its token is deleted at its end."""
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(LOGIN) as ada:
            assert ada.id is None
            assert fake.access_tokens == {ada.access_token}
            assert ada.account_id
            assert await ada.post("/4/list", json={"name": "films"})
            assert await ada.get("/4/account/{account_id}/lists")
        assert _deletes(fake) == [DELETE_TOKEN]
        assert not fake.access_tokens


async def test_a_conversion_closes_in_reverse() -> None:
    """First the session made of the token, then the token; `/4/` requests carry the token, others the session."""
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(V4Conversion(LOGIN)) as ada:
            assert (fake.sessions, fake.access_tokens) == ({ada.id}, {ada.access_token})
            await ada.get("/3/account")
            await ada.post("/4/list", json={"name": "films"})
        assert _deletes(fake) == [DELETE_SESSION, DELETE_TOKEN]
        assert not fake.sessions | fake.access_tokens


async def test_a_token_at_hand_is_converted_and_kept() -> None:
    """A user's token that the program has already is converted, and not the conversion's to delete."""
    async with tmdb_and_ada() as (fake, manager), manager.session(LOGIN) as ada:
        assert ada.access_token
        async with manager.session(V4Conversion(BearerToken(ada.access_token))) as converted:
            assert fake.sessions == {converted.id}
        assert not fake.sessions
        assert fake.access_tokens == {ada.access_token}


async def test_a_refused_conversion_deletes_the_access_token() -> None:
    """What was made halfway is unmade before the refusal is raised."""
    async with tmdb_and_ada() as (fake, manager):
        fake.fail(code=36, path=CONVERT)
        with pytest.raises(PermissionDenied):
            await manager.login(V4Conversion(LOGIN))
        assert _deletes(fake) == [DELETE_TOKEN]
        assert not fake.sessions | fake.access_tokens


async def test_an_unanswered_conversion_deletes_the_access_token() -> None:
    """Without an answer the token goes as well."""
    async with tmdb_and_ada(retries=0) as (fake, manager):
        fake.fail(status=500, path=CONVERT)
        with pytest.raises(ServiceDown):
            await manager.login(V4Conversion(LOGIN))
        assert not fake.sessions | fake.access_tokens


async def test_a_session_that_cannot_be_deleted_yet_does_not_keep_the_token() -> None:
    """A delete that fails is tried again, and what has been deleted elsewhere is no hindrance."""
    async with tmdb_and_ada() as (fake, manager):
        async with manager.session(V4Conversion(LOGIN)) as ada:
            assert ada.id
            fake.revoke(ada.id)
        assert not fake.access_tokens
        async with manager.session(V4Conversion(LOGIN)):
            fake.fail(times=2, status=503, path=DELETE_SESSION[1], method="DELETE")
        assert not fake.sessions | fake.access_tokens


async def test_the_apps_own_token_is_not_converted() -> None:
    """TMDB says that nobody has granted it anything."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(PermissionDenied):
            await manager.login(V4Conversion(BearerToken(fake.read_access_token)))
        assert not fake.sessions


@pytest.mark.parametrize(
    "strategy",
    [
        V4Login(Password("ada", "secret")),
        V4Conversion(V4Login(Password("ada", "secret"))),
        V4Conversion(Guest()),
        V4Conversion(Chain(Guest())),
        V4Conversion(Chain(RequestTokenLogin(Password("ada", "secret")), Chain(Guest()))),
        V4Conversion(RequestTokenLogin(Password("ada", "secret"))),
    ],
    ids=repr,
)
async def test_what_cannot_work_is_refused_before_anything_is_sent(strategy: Any) -> None:
    """A v4 login takes no password, and only an access token can be converted."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotConfigured, match=r"v4 login takes no password|V4Conversion needs"):
            await manager.login(strategy)
        assert not fake.requests


async def test_a_source_without_a_token_is_closed() -> None:
    """What turns out to have no access token only once it is open is closed before it is refused."""
    async with tmdb_and_ada() as (fake, manager):
        with pytest.raises(NotConfigured, match="V4Conversion needs"):
            no_browser = V4Login(Browser(open_url=lambda _: False))
            await manager.login(V4Conversion(Chain(no_browser, RequestTokenLogin(Password("ada", "secret")))))
        assert not fake.sessions
        assert manager.stats().open_now == 0


@attrs.frozen
class Approved:
    """An approval by a stranger, who has an approved token at hand."""

    fake: FakeTMDB = attrs.field(repr=False)

    async def approve(self, ask: Ask, flow: tmdb.flow.Flow[Any], /) -> Any:
        """Approve in place of the user."""
        token = await flow.fetch(ask, None)
        self.fake.approve(token.request_token)
        return await ask(flow.exchange(token.request_token))


async def test_a_strangers_approval_serves_both_logins() -> None:
    """What says yes to a request token needs one method, for v3 and v4 alike."""
    async with tmdb_and_ada() as (fake, manager):
        for strategy in (
            RequestTokenLogin(Approved(fake)),
            V4Login(Approved(fake)),
            V4Conversion(V4Login(Approved(fake))),
        ):
            async with manager.session(strategy) as session:
                await session.ask(Call(Request("GET", "/3/account"), Acknowledged))
        assert not fake.sessions | fake.access_tokens


async def test_a_request_token_that_nests_without_end_is_as_good_as_new() -> None:
    """Its end is looked for in what TMDB gave, and where that cannot be read, it has the usual quarter of an hour."""
    deep = "e30." + base64.urlsafe_b64encode(b"[" * 200_000).decode() + ".x"
    async with (
        Scripted(http({"success": True, "status_code": 1, "request_token": deep})) as server,
        managed(server) as m,
    ):
        pending = await m.begin(V4Login(Redirect("https://films.example/callback")))
    assert timedelta(minutes=14) < pending.expires_at - datetime.now(UTC) <= timedelta(minutes=15)
