"""FakeZitadel: a ZITADEL instance on 127.0.0.1, for tests, demonstrations and any client in any language."""

import secrets
import ssl
from collections.abc import Iterable

from ..clock import Clock
from ..messages import Answer
from ..server import FakeServer
from . import totp
from .complaints import Complaint, refusal
from .machine import Machine
from .paths import ROUTES
from .people import DELETE, WRITE, Caller, User
from .state import ZitadelState

_HALF_A_DAY_S = 43199


class FakeZitadel(FakeServer[ZitadelState]):
    """A stateful ZITADEL: its session API v2, as REST and as Connect's JSON, and its token endpoint.

    `async with FakeZitadel() as fake` serves it. It begins without a user. `port` 0 is any free one; with an
    `ssl_context` it is https; `latency_s` is added to every answer; `token_lifetime_s` is how long a token
    from the token endpoint is good for.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        latency_s: float = 0.0,
        token_lifetime_s: float = _HALF_A_DAY_S,
    ) -> None:
        clock = Clock()
        super().__init__(
            ZitadelState(clock, token_lifetime_s=token_lifetime_s),
            ROUTES,
            clock=clock,
            port=port,
            ssl_context=ssl_context,
            latency_s=latency_s,
        )

    @property
    def token(self) -> str:
        """The personal access token of a caller that may write and delete sessions."""
        return self._state.token

    @property
    def caller_id(self) -> str:
        """The user id of the caller whose token `token` is."""
        return self._state.callers[self.token].user_id

    @property
    def sessions(self) -> set[str]:
        """The ids of the sessions that live: neither terminated nor expired."""
        return {one.session_id for one in self._state.sessions.values() if self._state.is_live(one)}

    async def start(self) -> None:
        """Begin to listen; after a `stop` on the same port again, with everything still known."""
        await super().start()
        self._state.url = self.url

    def add_user(self, login_name: str, password: str, totp_secret: str | None = None) -> str:
        """Let somebody have an account, and return its user id; *totp_secret* is in base32.

        `ValueError` when the name is taken, or the secret is not base32.
        """
        if self._state.user(login_name=login_name) is not None:
            raise ValueError("a user of that name was added before")
        secret = None if totp_secret is None else totp.checked_secret(totp_secret)
        user = User(self._state.new_id(), login_name, password, secret)
        self._state.users[login_name.casefold()] = user
        return user.user_id

    def totp_code(self, login_name: str) -> str:
        """Return the one-time code that the user would read off now; `LookupError` if there is none."""
        secret = self._user(login_name).totp_secret
        if secret is None:
            raise LookupError("this user has no one-time codes: add_user(..., totp_secret=...)")
        return totp.code_at(secret, self._clock.now())

    def lock(self, login_name: str) -> None:
        """Lock a user, as too many wrong passwords do; `LookupError` for nobody."""
        self._user(login_name).standing = "locked"

    def deactivate(self, login_name: str) -> None:
        """Deactivate a user, as an administrator does; `LookupError` for nobody."""
        self._user(login_name).standing = "inactive"

    def activate(self, login_name: str) -> None:
        """Let a locked or deactivated user in again; `LookupError` for nobody."""
        user = self._user(login_name)
        user.standing, user.failed_attempts = "active", 0

    def add_caller(self, permissions: Iterable[str] | None = None) -> str:
        """Let somebody call, and return the personal access token.

        *permissions* are some of session.write, session.delete and session.read; `None` is for a member of nothing.
        """
        return self._state.new_caller(None if permissions is None else frozenset(permissions))

    def add_machine(self, permissions: Iterable[str] | None = (WRITE, DELETE)) -> Machine:
        """Let a service account call, by its `client_id` and `client_secret` or by a key file."""
        caller = Caller(self._state.new_id(), None if permissions is None else frozenset(permissions))
        machine = Machine(caller.user_id, f"machine-{caller.user_id}", secrets.token_urlsafe(48), self._state, caller)
        self._state.clients[machine.client_id] = (machine.client_secret, caller)
        return machine

    def revoke(self, secret: str) -> None:
        """End a session, by its id, or an access token, as an administrator does; `LookupError` if none lives."""
        session = self._state.sessions.get(secret)
        if session is not None and self._state.is_live(session):
            self._state.end(session)
        elif self._state.access_tokens.pop(secret, None) is None:
            raise LookupError("no such session or access token lives here")

    def revoke_access_tokens(self) -> None:
        """End every token that the token endpoint has given out."""
        self._state.access_tokens.clear()

    def _user(self, login_name: str) -> User:
        user = self._state.user(login_name=login_name)
        if user is None:
            raise LookupError("nobody has that login name: add_user(login_name, password) first")
        return user

    def _refuse(self, status: int | None, code: int | str | None) -> Answer:
        return refusal(status, code)

    def _no_such_path(self) -> Answer:
        return Complaint(5, "Not Found").answer("rest")

    def _no_such_method(self) -> Answer:
        return Complaint(12, "Method Not Allowed").answer("rest")
