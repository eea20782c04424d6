"""The aiohttp client of our own, and how it is set."""

from __future__ import annotations

from collections.abc import Sequence
from http.cookies import BaseCookie, SimpleCookie
from typing import TypedDict

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from .headers import ACCEPTS

_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None)


class _Settings(TypedDict, total=False):
    timeout: ClientTimeout
    auto_decompress: bool
    raise_for_status: bool


SETTINGS: _Settings = {"timeout": _NO_TIMEOUT, "auto_decompress": False, "raise_for_status": False}
"""What a client of our own is set to, and a borrowed one told with every request."""

_NONE = SimpleCookie()


class _NoCookies(DummyCookieJar):
    """Keeps no cookie, and does not read one either: aiohttp logs the name of one that it cannot read."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Leave what the service sets unread."""

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """Return none, the same none each time."""
        return _NONE


def make_client() -> ClientSession:
    """Return a new client; it has no time limit, since whoever asks has one."""
    return ClientSession(headers=ACCEPTS, cookie_jar=_NoCookies(), **SETTINGS)
