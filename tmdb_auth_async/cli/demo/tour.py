"""The demo's tour of TMDB: a session by each strategy, opened, used and closed."""

from __future__ import annotations

import aiohttp

from ... import TMDB, BearerToken, Chain, Guest, Password, RequestTokenLogin, SessionManager, V4Conversion, V4Login
from ...approvals.browser import Browser
from ...approvals.link import Link
from ...testing import FakeTMDB
from .diary import Diary, Guide
from .findings import Live
from .human import Human
from .watch import Watch

LATENCY_S = 0.01
"""What the fake waits before each answer, as if it were far away."""


async def tour(diary: Diary) -> int:
    """Visit a fake TMDB with every strategy; return how many sessions and access tokens are left there."""
    async with FakeTMDB(latency_s=LATENCY_S) as fake, aiohttp.ClientSession() as browser:
        fake.add_user("ada", "secret")

        def live() -> Live:
            return Live(
                sessions=len(fake.sessions),
                access_tokens=len(fake.access_tokens),
                guest_sessions=len(fake.guest_sessions),
            )

        watch = Watch(lambda: fake.requests, live=live, tell=diary.write)
        human = Human(browser, watch)
        async with (
            watch.client() as client,
            SessionManager(BearerToken(fake.read_access_token), service=TMDB.at(fake.url), client=client) as manager,
        ):
            guide = Guide("TMDB", manager, watch, diary)
            await _users(guide, human)
            await _tokens(guide, human)
            await _guest(guide)
        return live().to_close


async def _users(guide: Guide, human: Human) -> None:
    by_password = RequestTokenLogin(Password("ada", "secret"))
    by_link = RequestTokenLogin(Link(human.approve))
    by_browser = RequestTokenLogin(Browser(open_url=human.approve))
    without_browser = RequestTokenLogin(Browser(open_url=_no_browser))
    for title, strategy in (
        ('RequestTokenLogin(Password("ada", "…"))', by_password),
        ("RequestTokenLogin(Link(show))", by_link),
        ("RequestTokenLogin(Browser())", by_browser),
        ("Chain(RequestTokenLogin(Browser()), RequestTokenLogin(Link(show)))", Chain(without_browser, by_link)),
    ):
        async with guide.visit(title, strategy) as session:
            await session.get("/3/account")


async def _no_browser(_: str) -> bool:
    return False


async def _guest(guide: Guide) -> None:
    async with guide.visit("Guest()", Guest(), ends="TMDB lets it expire") as guest:
        await guest.post("/3/movie/550/rating", json={"value": 8.5})
        await guest.get("/3/guest_session/{guest_session_id}/rated/movies")


async def _tokens(guide: Guide, human: Human) -> None:
    async with guide.visit("V4Conversion(V4Login(Link(show)))", V4Conversion(V4Login(Link(human.approve)))) as both:
        await both.get("/3/account")
        await both.get("/4/account/{account_id}/lists")
    async with guide.visit("V4Login(Link(show))", V4Login(Link(human.approve))) as ada:
        await ada.get("/4/account/{account_id}/lists")
        token = BearerToken(ada.access_token or "")
        async with guide.visit("BearerToken(user_token)", token, ends="the token stays its owner's") as session:
            await session.post("/4/list", json={"name": "seen"})
        async with guide.visit("V4Conversion(BearerToken(user_token))", V4Conversion(token)) as session:
            await session.get("/3/account")
