"""Everything that a program does with secrets, for tests that look at what shows of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import attrs

from tmdb_auth_async import (
    TMDB,
    ApiKey,
    ApprovalLink,
    AuthError,
    BearerToken,
    Browser,
    Call,
    Chain,
    Guest,
    Link,
    Password,
    Pending,
    Redirect,
    Refused,
    RequestTokenLogin,
    SessionManager,
    V4Conversion,
    V4Login,
    tmdb,
)
from tmdb_auth_async.testing import FakeTMDB

from .canaries import PASSWORD, USERNAME, Canaries, look_at, look_at_error
from .people import callback, decide


@attrs.frozen
class Stage:
    """A fake, a manager on it, and eyes that see all that is handed out."""

    fake: FakeTMDB
    manager: SessionManager
    canaries: Canaries

    def see(self, thing: object) -> None:
        """Look at *thing* from all sides."""
        look_at(thing, self.canaries)

    def approve(self, url: str) -> None:
        """Say yes to the request token of an approval page."""
        parts = urlsplit(url)
        self.fake.approve(parse_qs(parts.query).get("request_token", [parts.path.rpartition("/")[2]])[0])

    def approving(self) -> Link:
        """Return a link that somebody approves at once, and whose function returns what it was shown."""

        async def show(link: ApprovalLink) -> str:
            self.canaries.see(repr(link), "an approval link")
            self.approve(link.url)
            return link.url

        return Link(show, poll_s=0.01, timeout_s=1)


Flow = Callable[[Stage], Coroutine[Any, Any, None]]


async def password(stage: Stage) -> None:
    """Log in by password, use the session in every way, close it."""
    strategy = RequestTokenLogin(Password(USERNAME, PASSWORD))
    scope = stage.manager.session(strategy)
    async with scope as ada:
        for thing in (strategy, scope, ada, ada.value, stage.manager.stats()):
            stage.see(thing)
        await ada.get("/3/account")
    stage.see(ada)


async def conversion(stage: Stage) -> None:
    """Log in to v4 by link, convert the token, use and close both."""
    async with stage.manager.session(V4Conversion(V4Login(stage.approving()))) as ada:
        stage.see(ada)
        stage.see(ada.value)
        await ada.get("/3/account")


async def v4(stage: Stage) -> None:
    """Log in to v4 by link, and ask with an account's id in the path, as a template and written out."""
    async with stage.manager.session(V4Login(stage.approving())) as ada:
        stage.see(ada)
        await ada.get("/4/account/{account_id}/lists")
        await ada.get(f"/4/account/{ada.account_id}/lists")


async def link(stage: Stage) -> None:
    """Log in by a link whose plain function runs in a thread and returns what it was shown."""

    def show(shown: ApprovalLink) -> str:
        stage.approve(shown.url)
        return str(shown)

    async with stage.manager.session(RequestTokenLogin(Link(show, poll_s=0.01, timeout_s=1))) as ada:
        stage.see(ada)


async def browser(stage: Stage) -> None:
    """Log in by a browser that comes back to the loopback."""

    async def visit(url: str) -> str:
        await decide(url)
        return url

    async with stage.manager.session(RequestTokenLogin(Browser(open_url=visit, timeout_s=2))) as ada:
        stage.see(ada)


async def web(stage: Stage) -> None:
    """Log in by redirect in two halves, one through a dump, and meet a callback that is not this login's."""
    manager = stage.manager
    for strategy in (
        RequestTokenLogin(Redirect("http://127.0.0.1/callback?mine=1")),
        V4Login(Redirect("http://127.0.0.1/back")),
    ):
        pending = await manager.begin(strategy)
        stage.see(pending)
        stage.see(pending.half)
        query = await callback(pending.url)
        try:
            await manager.complete(pending, "tmdb_login=nobodys")
        except AuthError as error:
            look_at_error(error, stage.canaries)
        session = await manager.complete(Pending.load(pending.dump()), query)
        stage.see(session)
        await session.close()


async def kept(stage: Stage) -> None:
    """Keep a session, resume it, open it anew when it is over, log out."""
    manager = stage.manager
    ada = await manager.login(RequestTokenLogin(Password(USERNAME, PASSWORD)))
    stage.see(ada)
    for session_id in stage.fake.sessions:
        stage.fake.revoke(session_id)
    await ada.get("/3/account")
    stage.see(await manager.resume())
    await manager.logout()
    stage.see(ada)


async def guest(stage: Stage) -> None:
    """Rate as a guest, the guest's id filled in, written out, and sent by the manager, which does not know it."""
    async with stage.manager.session(Chain(RequestTokenLogin(Redirect("http://127.0.0.1/")), Guest())) as somebody:
        stage.see(somebody)
        stage.see(somebody.value)
        await somebody.post("/3/movie/550/rating", json={"value": 8.5})
        await somebody.get("/3/guest_session/{guest_session_id}/rated/movies")
        await somebody.get(f"/3/guest_session/{somebody.id}/rated/movies")
        await stage.manager.get(f"/3/guest_session/{somebody.id}/rated/movies")
        try:
            await stage.manager.get(f"/3/nothing/{somebody.id}/here", params={"session_id": somebody.id})
        except Refused as error:
            look_at_error(error, stage.canaries)


async def calls(stage: Stage) -> None:
    """Put every call by hand, look at each and its answer, and delete what was made."""
    manager = stage.manager

    async def ask(call: Call[Any]) -> Any:
        for thing in (call, call.request):
            stage.see(thing)
        stage.see(answer := await manager.ask(call))
        return answer

    await ask(tmdb.validate_key())
    await ask(tmdb.create_guest_session())
    token = (await ask(tmdb.create_request_token())).request_token
    await ask(tmdb.validate_with_login(token, USERNAME, PASSWORD))
    await ask(tmdb.delete_session((await ask(tmdb.create_session(token))).session_id))
    token = (await ask(tmdb.create_v4_request_token("http://127.0.0.1/"))).request_token
    stage.fake.approve(token)
    made = await ask(tmdb.create_v4_access_token(token))
    converted = await ask(tmdb.create_session_from_v4(made.access_token))
    await ask(tmdb.delete_session(converted.session_id))
    await ask(tmdb.delete_v4_access_token(made.access_token))


FLOWS: tuple[Flow, ...] = (password, conversion, v4, link, browser, web, kept, guest, calls)
V3_ONLY: tuple[Flow, ...] = (password, link, browser, kept, guest)
"""What an API key is enough for."""


@asynccontextmanager
async def staged(
    canaries: Canaries, fake: FakeTMDB, *, url: str | None = None, api_key: bool = False, **settings: Any
) -> AsyncIterator[Stage]:
    """Give a manager on *fake*, or on what stands at *url* before it, and look at what is there before and after."""
    app = ApiKey(fake.api_key) if api_key else BearerToken(fake.read_access_token)
    async with SessionManager(app, service=TMDB.at(url or fake.url), **settings) as manager:
        for thing in (app, manager, fake):
            look_at(thing, canaries)
        yield Stage(fake, manager, canaries)
    canaries.see(repr(fake.requests), "the fake's log")


@asynccontextmanager
async def served() -> AsyncIterator[FakeTMDB]:
    """Serve a TMDB with the one user of these flows."""
    async with FakeTMDB() as fake:
        fake.add_user(USERNAME, PASSWORD)
        yield fake


async def met(flow: Flow, stage: Stage, canaries: Canaries) -> AuthError | None:
    """Run *flow* and look at the error it ends with, if it does."""
    try:
        await flow(stage)
    except AuthError as error:
        look_at_error(error, canaries)
        return error
    return None


@asynccontextmanager
async def lent() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client to borrow, with cookies and a middleware of its own that looks at nothing."""

    async def middleware(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        return await handler(request)

    async with aiohttp.ClientSession(middlewares=(middleware,)) as client:
        yield client
