"""A web login in two halves: begun, and completed once, when its user comes back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl

from .desk import Desk
from .errors import NotConfigured, RequestTokenInvalid
from .pending import Pending, closable
from .ports import Ask, Strategy
from .sealed import secret, value
from .session import Session
from .values import SessionValue

Query = Mapping[str, Any] | str
"""What a callback was called with: a mapping as web frameworks have it, or the query string."""

Keep = Callable[[Session], Awaitable[Session]]
"""Keeps an open session under a name; or closes it and raises."""

_QUERY = "query is the callback's query: a mapping of texts, such as request.query, or the query string"

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/")
"""How a URL begins, or its path; a query does not, since its colons and slashes come after a name."""

_MOST_FIELDS = 100
_REMEMBERED = timedelta(minutes=60)


class WebFlow:
    """The web logins of one manager; it remembers which it has completed, so that none is completed twice."""

    def __init__(self, desk: Desk) -> None:
        """Open sessions at *desk*."""
        self._desk = desk
        self._completed: dict[bytes, datetime] = {}

    async def begin(self, strategy: Strategy[Any]) -> Pending:
        """Do the first half of *strategy*; raises `NotConfigured` where it has none."""
        self._desk.check_open()
        begin: Callable[[Ask], Awaitable[Pending]] | None = getattr(strategy, "begin", None)
        if begin is None:
            message = (
                f"a {type(strategy).__name__} cannot begin a web login: "
                "use RequestTokenLogin, V4Login or V4Conversion with Redirect(url)"
            )
            raise NotConfigured(message)
        pending = await begin(self._desk.asker)
        if not isinstance(pending, Pending):  # pyright: ignore[reportUnnecessaryIsInstance]  # a stranger's need not be typed
            message = f"the begin of a {type(strategy).__name__} must return a Pending, not a {type(pending).__name__}"
            raise NotConfigured(message)
        return Pending(pending.url, pending.expires_at, pending.half, service=self._desk.url)

    async def complete(self, pending: Pending, query: Query, *, keep: Keep | None) -> Session:
        """Do the second half, once, and *keep* the session; one that cannot be kept is closed.

        What has failed may be tried again for as long as the service allows.
        """
        self._desk.check_open()
        if not isinstance(pending, Pending):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers need not be typed
            message = "complete takes the Pending that begin gave; Pending.load(text) makes it of what was dumped"
            raise NotConfigured(message)
        if pending.service not in (None, self._desk.url):
            message = (
                f"this login was begun at another service than {self._desk.url}: complete it by a manager for that"
            )
            raise NotConfigured(message)
        fields = read_query(query)
        mark = hashlib.sha256(pending.dump().encode()).digest()
        now = datetime.now(UTC)
        if self._completed.get(mark, now) > now:
            message = "this login is completed already: begin a new one"
            raise RequestTokenInvalid(message)
        self._completed = {one: until for one, until in self._completed.items() if until > now}
        self._completed[mark] = max(pending.expires_at, now + _REMEMBERED)

        try:
            session = await self._desk.open_by(_SecondHalf(pending, fields), None)
        except BaseException:
            del self._completed[mark]
            raise
        return session if keep is None else await keep(session)


@value
class _SecondHalf:
    """The second half of a web login, with what the callback brought."""

    pending: Pending = secret()
    fields: Mapping[str, str] = secret()

    async def open(self, ask: Ask, /) -> SessionValue:
        """Open what can be closed with no strategy at hand."""
        return closable(await self.pending.half.complete(ask, self.fields))


def read_query(query: Query) -> dict[str, str]:
    """Return the fields of a callback's *query*; of a repeated one, the first.

    A query string may have its question mark, or the URL's path, or the whole URL, before
    it. Raises `NotConfigured` for anything that is neither a mapping nor a string, and for a mapping of bytes.
    """
    if isinstance(query, str):
        head, mark, tail = query.partition("?")
        if mark and (_ADDRESS.match(head) or not {"=", "&"} & set(head)):
            query = tail
        pairs = parse_qsl(query.partition("#")[0], keep_blank_values=True)[:_MOST_FIELDS]
        return dict(reversed(pairs))
    if not isinstance(query, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers need not be typed
        raise NotConfigured(_QUERY)
    return {_text(name): _first(query[name]) for name in query}


def _first(found: object) -> str:
    """Return a field's text; `parse_qs` and its like have lists of them."""
    if isinstance(found, list | tuple):
        found = next(iter(cast("Sequence[object]", found)), "")
    return _text(found)


def _text(found: object) -> str:
    """Return *found* where it is a text, nothing for anything else; but bytes are a query that was not decoded."""
    if isinstance(found, bytes):
        raise NotConfigured(_QUERY)
    return found if isinstance(found, str) else ""
