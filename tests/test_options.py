"""A wrong option is `NotConfigured` where it is given: it says what to give instead, and not what was given."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest

from tmdb_auth_async import (
    TMDB,
    BearerToken,
    Browser,
    Chain,
    Guest,
    Link,
    NotConfigured,
    Password,
    Redirect,
    RequestTokenLogin,
    SessionManager,
    V4Conversion,
    V4Login,
)
from tmdb_auth_async.stores import MemoryStore, SQLiteStore
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.zitadel import ClientCredentials, Zitadel

APP = BearerToken("user-token")
SECRET = "https://canary"
NO_NUMBERS = ["3", None, "canary", math.nan, True, [1]]


@attrs.frozen
class Odd:
    """Something of a kind that no option takes, and that must not be shown."""

    text: str = "canary"


@pytest.mark.parametrize(
    ("option", "given", "words"),
    [
        *(("service", given, r"TMDB\.at\(url\)") for given in (SECRET, Odd(), None, Zitadel)),
        *(("store", given, r"SQLiteStore\(path\)") for given in ("canary.db", Odd(), 1, MemoryStore, SQLiteStore)),
        *(("client", given, r"aiohttp\.ClientSession") for given in ("canary", Odd(), 1)),
        *(("timeout_s", given, "timeout_s must be a number, more than 0") for given in (*NO_NUMBERS, 0, -1)),
        *(("close_timeout_s", given, "close_timeout_s must be a number, more than 0") for given in (*NO_NUMBERS, 0)),
        *(("max_rate", given, "max_rate must be a number, more than 0") for given in ("1", 0, True, Odd())),
        *(("retries", given, "retries must be a whole number") for given in (1.5, "1", None, -1, True)),
        *(("ready", given, "ready must be a whole number") for given in (1.5, "1", None, -1, True)),
    ],
)
def test_a_wrong_option_of_the_manager_is_told_at_once(option: str, given: object, words: str) -> None:
    """The error names the option and what it takes."""
    options: Mapping[str, Any] = {option: given}
    with pytest.raises(NotConfigured, match=words) as caught:
        SessionManager(APP, **options)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("app", [BearerToken, ClientCredentials, "canary", None])
def test_an_app_credential_is_one(app: Any) -> None:
    """A class, a text or nothing signs no request."""
    with pytest.raises(NotConfigured, match="app credential") as caught:
        SessionManager(app)
    assert "canary" not in str(caught.value)


NO_STRATEGIES: list[Any] = ["canary", 1, None, Odd(), Guest, Password("canary", "canary")]
NO_APPROVALS: list[Any] = ["canary", None, Odd(), Guest(), Redirect]


@pytest.mark.parametrize("given", NO_STRATEGIES)
async def test_what_is_no_strategy_opens_nothing(given: Any) -> None:
    """`session`, `login`, `begin` and what holds strategies say so before anything is sent."""
    async with SessionManager(APP, service=TMDB.at("http://127.0.0.1:1")) as manager:
        for give in (manager.session, Chain, V4Conversion):
            with pytest.raises(NotConfigured, match=r"RequestTokenLogin\(Password") as caught:
                give(given)
            assert "canary" not in str(caught.value)
        for ask in (manager.login, manager.begin):
            with pytest.raises(NotConfigured) as caught:
                await ask(given)
            assert "canary" not in str(caught.value)


@pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])
@pytest.mark.parametrize("given", NO_APPROVALS)
def test_what_approves_nothing_is_no_approval(login: Callable[[Any], object], given: Any) -> None:
    """The error names some that do."""
    with pytest.raises(NotConfigured, match=r"Link\(show\)") as caught:
        login(given)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("given", [None, "canary", 1])
def test_a_link_is_shown_by_a_function(given: Any) -> None:
    """What cannot be called neither shows a link nor opens a browser."""
    with pytest.raises(NotConfigured, match="a function as its show") as caught:
        Link(given)
    assert "canary" not in str(caught.value)
    with pytest.raises(NotConfigured, match="a function as its open_url"):
        Browser(open_url=given)


@pytest.mark.parametrize("given", ["3", True, [1]])
def test_an_approvals_times_are_numbers(given: Any) -> None:
    """Not texts, and not what only passes for a number."""
    with pytest.raises(NotConfigured, match="timeout_s must be a number"):
        Link(print, timeout_s=given)
    with pytest.raises(NotConfigured, match="poll_s must be a number"):
        Link(print, poll_s=given)
    with pytest.raises(NotConfigured, match="lease_s must be a number"):
        SQLiteStore("x.db", lease_s=given)


@pytest.mark.parametrize("scheme", ["ftp", "ws", "mailto", "about"])
def test_a_callback_is_a_page_or_an_app(scheme: str) -> None:
    """A user's browser comes back to a website or to an app of its own scheme, and to nothing else."""
    with pytest.raises(NotConfigured, match="callback"):
        Redirect(f"{scheme}://example.org/callback")
    assert Redirect("org.example.app://callback").url == "org.example.app://callback"


class Own:
    """A stranger's strategy and approval in one, of no class of ours."""

    async def open(self, _: object, /) -> BearerToken:
        """Open nothing."""
        return APP

    async def close(self, _: object, __: object, /) -> None:
        """Close nothing."""

    async def approve(self, _: object, __: object, /) -> Any:
        """Approve nothing."""


async def test_a_strangers_own_need_no_base_class(fake_tmdb: FakeTMDB) -> None:
    """Whatever has the methods will do."""
    RequestTokenLogin(Own())
    V4Login(Own())
    async with (
        SessionManager(BearerToken(fake_tmdb.read_access_token), service=TMDB.at(fake_tmdb.url)) as manager,
        manager.session(Chain(Own())) as session,
    ):
        assert session.access_token == "user-token"
