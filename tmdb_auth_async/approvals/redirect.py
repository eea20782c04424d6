"""Approval by a redirect back to a web service, in two halves."""

from __future__ import annotations

import re
from typing import ClassVar, NoReturn, TypeVar
from urllib.parse import urlsplit

import attrs

from ..errors import NotConfigured
from ..pending import Pending
from ..ports import Ask
from ..sealed import Sealed, value
from ..tmdb.callback import bound, unguessable
from ..tmdb.flow import Flow
from ..tmdb.halfway import Halfway

T = TypeVar("T")

_ON_THE_WEB = ("http", "https")
_NOT_ADDRESSES = (
    *("", "javascript", "data", "file", "blob", "vbscript", "about"),
    *("ftp", "ftps", "sftp", "ws", "wss", "mailto", "tel", "sms"),
)


def _check(_: object, __: object, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme not in _NOT_ADDRESSES and (parts.scheme not in _ON_THE_WEB or bool(parts.hostname))
        usable = usable and parts.username is None
    except (ValueError, TypeError, AttributeError):
        usable = False
    if not usable or any(char.isspace() or not char.isprintable() for char in url):
        message = "Redirect needs the whole URL of your callback, such as https://example.org/callback"
        raise NotConfigured(message)


def _bare(url: str) -> str:
    return repr(re.split("[?#]", url, maxsplit=1)[0])


@value
class Redirect(Sealed):
    """Approve in the user's browser, which then comes back to *url*; for `manager.begin` and `complete` only.

    *url* is your service's callback, as users reach it. Raises `NotConfigured` for anything but a whole URL.
    """

    needs_human: ClassVar[bool] = True

    url: str = attrs.field(validator=_check, repr=_bare)

    async def approve(self, ask: Ask, flow: Flow[T], /) -> NoReturn:
        """Raise `NotConfigured`: nobody waits for the callback here."""
        message = "Redirect works in two halves: manager.begin(strategy), then manager.complete(pending, query)"
        raise NotConfigured(message)

    async def begin(self, ask: Ask, flow: Flow[T], /) -> Pending:
        """Fetch a request token that leads its user back to *url*, with a value that only this login has."""
        state = unguessable()
        token = await flow.fetch(ask, bound(self.url, state))
        expires_at = flow.ends_at(token)
        half = Halfway(flow.name, token.request_token, state, expires_at)
        return Pending(token.url, expires_at, half)


async def begin(approval: object, ask: Ask, flow: Flow[T]) -> Pending:
    """Begin a web login with *approval*; raises `NotConfigured` unless it is a `Redirect`."""
    if not isinstance(approval, Redirect):
        message = f"begin takes Redirect(url) as the approval, not {type(approval).__name__}"
        raise NotConfigured(message)
    return await approval.begin(ask, flow)
