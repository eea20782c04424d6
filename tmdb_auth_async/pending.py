"""A web login half way: the user is with the service, and the program waits for the callback."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Protocol, Self, cast

import attrs

from .errors import NotConfigured
from .ports import Ask, HalfLogin
from .records import half_from_record, half_to_record
from .sealed import Sealed, secret, value
from .values import SessionValue

VERSION = 1
"""The version that is written; others are refused."""


class Closable(SessionValue, Protocol):
    """A session value that ends without a strategy at hand."""

    async def close(self, ask: Ask, /) -> None:
        """End the session at the service."""
        ...


def closable(value: SessionValue) -> Closable:
    """Return *value*; raises `NotConfigured` where nobody could close it."""
    if not callable(getattr(value, "close", None)):
        message = f"a {type(value).__name__} cannot be closed without its strategy: give it the method close(ask)"
        raise NotConfigured(message)
    return cast("Closable", value)


class BeginsOnTheWeb(Protocol):
    """A strategy that can open in two halves, with a redirect between them."""

    async def begin(self, ask: Ask, /) -> Pending:
        """Do the first half; raises `NotConfigured` where this strategy has none."""
        ...


@value
class Pending(Sealed):
    """A web login that waits for its user: send them to `url`, and complete it by `expires_at`.

    Keep it with the user's own web session, never where another user's callback could
    reach it. `dump` makes a text of it, for another process to go on with; it opens
    nothing that the user's browser does not see, but others must not change it: keep it
    on the server, or sign it. It is completed at the service that it was begun at,
    whose URL is `service`; `None` stands for any.
    """

    url: str = secret()
    expires_at: datetime = attrs.field()
    half: HalfLogin = secret()
    service: str | None = attrs.field(default=None, kw_only=True)

    def dump(self) -> str:
        """Return a text from which `load` makes this value again."""
        record = {
            "pending": VERSION,
            "url": self.url,
            "expires_at": self.expires_at.isoformat(),
            "half": half_to_record(self.half),
            "service": self.service,
        }
        return json.dumps(record, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Self:
        """Make the value again from what `dump` returned; raises `NotConfigured` for anything else."""
        pending: Self | None = None
        try:
            record = json.loads(text)
            expires_at = datetime.fromisoformat(record["expires_at"])
            url, service = record["url"], record.get("service")  # which 1.0.0 did not write
            is_whole = isinstance(url, str) and isinstance(service, str | None) and expires_at.tzinfo is not None
            if record["pending"] == VERSION and is_whole:
                pending = cls(url, expires_at, half_from_record(record["half"]), service=service)
        except Exception:  # noqa: BLE001, S110  # whatever is wrong with the text; the error's own words may show it
            pass
        if pending is None:
            message = "this is no pending login that this release has dumped: begin a new one"
            raise NotConfigured(message)
        return pending
