"""A session at ZITADEL, opened by login name, password and one-time code."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import attrs

from ..aside import outcome_of
from ..errors import NotConfigured
from ..options import check_text
from ..ports import Ask
from ..sealed import Sealed, value
from ..values import Call
from .bodies import check_lifetime
from .calls import create_session, created_session, set_session
from .session import ZitadelSession

GiveCode: TypeAlias = Callable[[], str | Awaitable[str]]
"""Gives the six digits of a one-time code: a plain function, which may block, or a coroutine function."""

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def _checked_code(code: object) -> str:
    if not isinstance(code, str) or not _SIX_DIGITS.fullmatch(code):
        message = "a one-time code is a string of six digits: give ZitadelLogin(totp=...) one, or what returns one"
        raise NotConfigured(message)
    return code


def _check_login_name(_: object, __: object, login_name: Any) -> None:
    if not isinstance(login_name, str) or not login_name:
        message = "ZitadelLogin needs the user's login name"
        raise NotConfigured(message)
    check_text("the login name", login_name)


def _check_password(_: object, __: object, password: Any) -> None:
    if password is None:
        return
    check_text("the password", password)
    if not password:
        message = "a password is not empty: leave it out to log in without one"
        raise NotConfigured(message)


def _check_totp(_: object, __: object, totp: Any) -> None:
    if totp is not None and not callable(totp):
        _checked_code(totp)


def _check_lifetime(_: object, __: object, lifetime_s: object) -> None:
    check_lifetime(lifetime_s)


@value
class ZitadelLogin(Sealed):
    """Log a user in at ZITADEL, by as many of password and one-time code as are given.

    *totp* is six digits or a callable that gives them, plain or coroutine function; a
    plain one runs in a thread. Everything is checked by one request, but for a callable
    beside a password: it is called once the password was accepted, so that nobody is
    asked in vain and the code is fresh, and checked by a second request. *lifetime_s* is
    in seconds, `None` for a session that never expires.

    Raises `NotConfigured` for what cannot be.
    """

    login_name: str = attrs.field(repr=False, validator=_check_login_name)
    password: str | None = attrs.field(default=None, repr=False, kw_only=True, validator=_check_password)
    totp: str | GiveCode | None = attrs.field(default=None, repr=False, kw_only=True, validator=_check_totp)
    lifetime_s: float | None = attrs.field(default=3600, kw_only=True, validator=_check_lifetime)

    @property
    def needs_human(self) -> bool:
        """Whether it cannot be repeated: six digits are good for one login."""
        return isinstance(self.totp, str)

    async def open(self, ask: Ask, /) -> ZitadelSession:
        """Open a session; raises `LoginRefused` and `AccountUnavailable`.

        What a refused code leaves of a login in two steps is terminated by the manager.
        """
        totp = self.totp
        if totp is None or isinstance(totp, str):
            return await self._create(ask, totp)
        if self.password is None:
            return await self._create(ask, _checked_code(await outcome_of(totp)))
        session = await self._create(ask, None)
        call = set_session(session.id, totp=_checked_code(await outcome_of(totp)))
        return session.changed(await ask(Call(call.request, call.answer, opens=session.changed)))

    async def close(self, ask: Ask, session: ZitadelSession, /) -> None:
        """Terminate the session that was opened."""
        await session.close(ask)

    async def _create(self, ask: Ask, code: str | None) -> ZitadelSession:
        call = create_session(login_name=self.login_name, password=self.password, totp=code, lifetime_s=self.lifetime_s)
        return created_session(self.lifetime_s, await ask(call))
