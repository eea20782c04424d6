"""People at their browsers: they open TMDB's approval page, press a button, and go where they are sent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import aiohttp
import attrs
from yarl import URL

from tmdb_auth_async import TMDB, ApiKey, BearerToken, SessionManager
from tmdb_auth_async.testing import FakeTMDB

_ACTION = re.compile(r'<form method="post" action="([^"]*)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_HEADLINE = re.compile(r"<h1>(.*?)</h1>")


@attrs.frozen
class Seen:
    """The page that somebody sees in the end: its status, its address and its HTML."""

    status: int
    url: str
    html: str

    @property
    def headline(self) -> str:
        """What the page says first."""
        found = _HEADLINE.search(self.html)
        return unescape(found[1]) if found else ""


@asynccontextmanager
async def tmdb_and_ada(
    *, api_key: bool = False, timeout_s: float = 5, retries: int = 3
) -> AsyncIterator[tuple[FakeTMDB, SessionManager]]:
    """Serve a TMDB that knows ada, and a manager for it."""
    async with FakeTMDB() as fake:
        fake.add_user("ada", "secret")
        app = ApiKey(fake.api_key) if api_key else BearerToken(fake.read_access_token)
        service = TMDB.at(fake.url)
        async with SessionManager(app, service=service, timeout_s=timeout_s, retries=retries) as manager:
            yield fake, manager


async def decide(url: str, decision: str = "approve", *, follow: bool = True) -> Seen:
    """Open *url*, press a button, and return the page that follows, or the redirect if it is not to be followed."""
    async with aiohttp.ClientSession() as client:
        async with client.get(url) as response:
            html = await response.text()
        action = _ACTION.search(html)
        assert action, html
        form = {**{name: unescape(text) for name, text in _HIDDEN.findall(html)}, "decision": decision}
        target = URL(url).join(URL(unescape(action[1])))
        async with client.post(target, data=form, allow_redirects=follow) as response:
            where = str(response.url) if follow else response.headers["Location"]
            return Seen(response.status, where, await response.text())


async def callback(url: str, decision: str = "approve") -> str:
    """Decide at *url* and return the address that TMDB then sends the browser to."""
    return (await decide(url, decision, follow=False)).url
