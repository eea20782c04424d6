"""A v3 session made from a user's v4 access token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import attrs

from ..errors import NotConfigured
from ..options import check_session, check_source
from ..pending import Pending, closable
from ..ports import Ask, HalfLogin, Strategy
from ..records import Recorded
from ..sealed import secret, value
from ..tmdb.ending import delete_session, end_all
from ..tmdb.opening import create_session_from_v4
from ..tmdb.sessions import ConvertedSession
from ..values import SessionValue
from .chain import Chain
from .guest import Guest
from .request_token_login import RequestTokenLogin

_NEEDS = "V4Conversion needs a source with an access token: V4Login(...) or BearerToken(user_token)"


@attrs.frozen
class V4Conversion:
    """Open *source*, a `V4Login` or a `BearerToken` with a user's access token, and convert it to a v3 session."""

    source: Strategy[Any] = attrs.field(validator=check_source)

    @property
    def needs_human(self) -> bool:
        """Whether the source waits for a person."""
        return getattr(self.source, "needs_human", False)

    async def open(self, ask: Ask, /) -> ConvertedSession:
        """Convert what *source* opened; raises `PermissionDenied` for an app's own read access token."""
        if _gives_no_token(self.source):
            raise NotConfigured(_NEEDS)
        source = await self.source.open(ask)
        check_session(source)
        return await _convert(ask, source, lambda: self.source.close(ask, source))

    async def begin(self, ask: Ask, /) -> Pending:
        """Begin the web login of *source*; raises `NotConfigured` where it has none."""
        begin: Callable[[Ask], Awaitable[Pending]] | None = getattr(self.source, "begin", None)
        if begin is None or isinstance(self.source, RequestTokenLogin):
            message = "to begin a web login, V4Conversion needs a V4Login(Redirect(url))"
            raise NotConfigured(message)
        pending = await begin(ask)
        return Pending(pending.url, pending.expires_at, Converting(pending.half))

    async def close(self, ask: Ask, session: ConvertedSession, /) -> None:
        """Delete the session, then close the source, whatever became of the first."""
        await end_all(lambda: ask(delete_session(session.id)), lambda: self.source.close(ask, session.source))


@value
class Converting(Recorded):
    """The second half of a web login whose session is then converted."""

    source: HalfLogin = secret()

    async def complete(self, ask: Ask, query: Mapping[str, str], /) -> SessionValue:
        """Complete the login of the source and convert what it opened."""
        source = closable(await self.source.complete(ask, query))
        return await _convert(ask, source, lambda: source.close(ask))


def _gives_no_token(source: Strategy[Any]) -> bool:
    """Say whether it is known, before anything is opened, that *source* gives no access token."""
    if isinstance(source, Chain):
        return all(_gives_no_token(strategy) for strategy in source.strategies)
    return isinstance(source, Guest | RequestTokenLogin)


async def _convert(ask: Ask, source: SessionValue, close: Callable[[], Awaitable[None]]) -> ConvertedSession:
    access_token: str | None = getattr(source, "access_token", None)
    if access_token is None:
        await close()
        raise NotConfigured(_NEEDS)
    made = await ask(create_session_from_v4(access_token))
    return ConvertedSession(made.session_id, access_token, getattr(source, "account_id", None), source)
