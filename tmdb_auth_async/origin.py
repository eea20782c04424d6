"""Where requests may go: URLs of services, and paths below them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .errors import NotConfigured
from .options import check_count
from .values import JSON, JSON_ANSWER, MAX_BYTES, Call, Request, Scalar

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~{}-]+)+")
_PLACEHOLDER = re.compile(r"\{[a-z_]*\}")
_SAFE = "/%:@!$&'()*+,;=~-._"
"""What a path may hold unquoted beside letters and digits."""
_SCHEMES = ("https", "http")


def is_loopback(host: str) -> bool:
    """Say whether *host* is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str) -> str:
    """Return *url* with its path quoted, as requests' are, and without its last slash.

    Raises `NotConfigured` unless it is https, or http to this machine.
    """
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
        _ = parts.port
    except (ValueError, TypeError, AttributeError):
        host = user = None
        parts = urlsplit("")
    if parts.scheme not in _SCHEMES or not host or any(char.isspace() or not char.isprintable() for char in url):
        message = "a service needs a URL with scheme and host, such as https://api.themoviedb.org"
        raise NotConfigured(message)
    if user is not None or {"?", "#", "\\"} & set(url):
        message = "a service's URL holds no user, query or fragment: give the credential as the app credential"
        raise NotConfigured(message)
    if parts.scheme == "http" and not is_loopback(host):
        message = f"plain http to {host} would show the credentials to the network: use https"
        raise NotConfigured(message)
    if not parts.netloc.isascii():
        message = "a service's host is written in ASCII: give a name with other letters as it is registered, xn--..."
        raise NotConfigured(message)
    scheme, _, rest = url.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}{slash}{quote(path, safe=_SAFE)}"


def checked_call(
    method: str, path: str, *, params: Mapping[str, Scalar] | None, json: JSON, max_bytes: int
) -> Call[JSON]:
    """Return a caller's own request as a call; raises `NotConfigured` for a path that could leave the service."""
    if max_bytes != MAX_BYTES:
        check_count("max_bytes", max_bytes)
    elif params is None and json is None:
        return _bare_call(method, path)
    return _call(method, path, params, json, max_bytes)


def _call(
    method: str, path: str, params: Mapping[str, Scalar] | None = None, json: JSON = None, max_bytes: int = MAX_BYTES
) -> Call[JSON]:
    method = method.upper()
    if not _PLAIN.fullmatch(path):
        path, query = _checked_path(path)
        params = {**query, **(params or {})} if query else params
    return Call(Request(method, path, params=params, json=json, max_bytes=max_bytes), JSON_ANSWER)


@lru_cache(maxsize=256)
def _bare_call(method: str, path: str) -> Call[JSON]:
    """Return a call that has nothing but a path, the same each time: programs ask for a few things often."""
    return _call(method, path)


def _checked_path(path: str) -> tuple[str, dict[str, str]]:
    path, _, query = path.partition("?")
    plain = unquote(path)
    pairs = parse_qsl(query, keep_blank_values=True)
    params = dict(pairs)
    wrong = None
    if not path.startswith("/") or plain.startswith("//"):
        wrong = "it must start with one slash: a path such as /3/account, never a URL"
    elif any(not char.isprintable() for char in plain) or "\\" in plain or "#" in plain + query:
        wrong = "it holds a sign that no path has"
    elif {".", ".."} & set(plain.split("/")):
        wrong = "it must not hold . or .. segments"
    elif len(params) < len(pairs):
        wrong = "its query has a name more than once; write what belongs to it as one value, such as with_genres=1,2"
    elif _PLACEHOLDER.search(query):
        wrong = (
            "its query has a placeholder, and only the path's are filled in; give params={...} with the session's id"
        )
    if wrong is not None:
        message = f"this path is not sent: {wrong}"
        raise NotConfigured(message)
    return path, params
