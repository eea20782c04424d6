"""The aiohttp client of our own, and how it is set."""

from __future__ import annotations

from collections.abc import Sequence
from http.cookies import BaseCookie, SimpleCookie
from math import inf
from typing import TypedDict

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from .headers import ACCEPTS


class Settings(TypedDict):
    """What a client of our own is set to, and a borrowed one told with every request."""

    timeout: ClientTimeout
    auto_decompress: bool
    raise_for_status: bool


def settings(connect_s: float | None) -> Settings:
    """Return them; a connection must be there within *connect_s* seconds, and nothing else has a time limit."""
    timeout = ClientTimeout(total=None, sock_connect=None, connect=connect_s, ceil_threshold=inf)
    return {"timeout": timeout, "auto_decompress": False, "raise_for_status": False}


_NONE = SimpleCookie()


class _NoCookies(DummyCookieJar):
    """Keeps no cookie, and does not read one either: aiohttp logs the name of one that it cannot read."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Leave what the service sets unread."""

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """Return none, the same none each time."""
        return _NONE


def make_client(set_to: Settings) -> ClientSession:
    """Return a new client."""
    return ClientSession(headers=ACCEPTS, cookie_jar=_NoCookies(), **set_to)
