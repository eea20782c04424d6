"""ZITADEL's cycle: log in, look at the session three times, terminate it; by this library and by ZITADEL's own SDK."""

from __future__ import annotations

import warnings
from typing import Any

from tmdb_auth_async import BearerToken, Session, SessionManager
from tmdb_auth_async.zitadel import Zitadel, ZitadelLogin, get_session

from ..target import PASSWORD, USERNAME, Target
from .protocol import USES
from .threaded import Threaded

with warnings.catch_warnings(record=True):  # what the SDK imports warns of its own deprecation, past every filter
    import zitadel_client as _sdk
    import zitadel_client.models as _models

sdk: Any = _sdk  # generated: type checkers know neither what it exports
models: Any = _models  # nor the names of its models' fields


class OursAtZitadel:
    """A manager with everything at its default, and typed answers as the SDK's are."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._strategy = ZitadelLogin(USERNAME, password=PASSWORD)
        self._manager: SessionManager
        self._kept: Session

    async def start(self) -> None:
        self._manager = SessionManager(BearerToken(self._target.token), service=Zitadel(self._target.url))
        await self._manager.__aenter__()
        self._kept = await self._manager.login(self._strategy)

    async def cycle(self) -> None:
        async with self._manager.session(self._strategy) as session:
            for _ in range(USES):
                await _look_at(session)

    async def get(self) -> None:
        await _look_at(self._kept)

    async def stop(self) -> None:
        await self._manager.aclose()


async def _look_at(session: Session) -> None:
    await session.ask(get_session(session.id or ""))


class ByZitadelClient(Threaded[Any]):
    """ZITADEL's SDK: synchronous, in threads that share it, as its pool of connections allows."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._sessions: Any = sdk.Zitadel.with_access_token(target.url, target.token).sessions

    def log_in(self) -> Any:
        checks = models.SessionServiceChecks(
            user=models.SessionServiceCheckUser(login_name=USERNAME),
            password=models.SessionServiceCheckPassword(password=PASSWORD),
        )
        request = models.SessionServiceCreateSessionRequest(checks=checks, lifetime="3600s")
        return self._sessions.create_session(request)

    def account(self, session: Any) -> None:
        self._sessions.get_session(
            models.SessionServiceGetSessionRequest(session_id=session.session_id, session_token=session.session_token)
        )

    def delete(self, session: Any) -> None:
        self._sessions.delete_session(
            models.SessionServiceDeleteSessionRequest(
                session_id=session.session_id, session_token=session.session_token
            )
        )
