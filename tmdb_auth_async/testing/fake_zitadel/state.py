"""What a fake ZITADEL remembers: users, callers, tokens, keys and sessions."""

import secrets
from collections.abc import Callable

import attrs

from ..clock import Clock
from ..fading import Fading
from .people import DELETE, WRITE, Caller, User

Verify = Callable[[bytes, bytes], bool]
"""Tells whether a signature is that of a message."""

_FIRST_ID = 218480890961985793
_SPREAD = 1 << 16


@attrs.define(eq=False)
class LiveSession:
    """A session, which stays known after it was terminated."""

    session_id: str = attrs.field(repr=False)
    token: str = attrs.field(repr=False)
    creator_id: str
    created_at_s: float
    changed_at_s: float
    user: User | None = None
    sequence: int = 1
    expires_at_s: float | None = None
    terminated: bool = False
    verified_at_s: dict[str, float] = attrs.Factory(dict[str, float])
    metadata: dict[str, bytes] = attrs.field(factory=dict[str, bytes], repr=False)
    user_agent: dict[str, object] | None = attrs.field(default=None, repr=False)

    def has_expired(self, moment_s: float) -> bool:
        """Tell whether its lifetime was over at *moment_s*."""
        return self.expires_at_s is not None and self.expires_at_s <= moment_s


@attrs.frozen
class AccessToken:
    """A token from the token endpoint; only with the right scope is it good for the API itself."""

    caller: Caller
    expires_at_s: float
    for_api: bool


class ZitadelState:
    """Everything the fake remembers; its repr shows nothing."""

    def __init__(self, clock: Clock, *, token_lifetime_s: float) -> None:
        self.clock = clock
        self.token_lifetime_s = token_lifetime_s
        self.url = ""
        self.domains = {"127.0.0.1"}
        self._last_id = _FIRST_ID
        self.instance_id = self.new_id()
        self.organization_id = self.new_id()
        self.users: dict[str, User] = {}
        self.callers: dict[str, Caller] = {}
        self.access_tokens = Fading[AccessToken](clock)
        self.clients: dict[str, tuple[str, Caller]] = {}
        self.keys: dict[tuple[str, str], tuple[Verify, Caller]] = {}
        self.sessions: dict[str, LiveSession] = {}
        self._bearers: dict[str, LiveSession] = {}
        self.token = self.new_caller(frozenset({WRITE, DELETE}))

    def now(self) -> float:
        """Return the fake's time in seconds since the epoch, to the microsecond in which it is written."""
        return round(self.clock.now(), 6)

    def new_id(self) -> str:
        """Make an id that is higher than every one before."""
        self._last_id += 1 + secrets.randbelow(_SPREAD)
        return str(self._last_id)

    def new_caller(self, permissions: frozenset[str] | None) -> str:
        """Let somebody call the API, and return the personal access token."""
        token = secrets.token_urlsafe(52)
        self.callers[token] = Caller(self.new_id(), permissions)
        return token

    def new_access_token(self, caller: Caller, *, for_api: bool) -> str:
        """Give *caller* a token for the lifetime of tokens."""
        token = secrets.token_urlsafe(60)
        self.access_tokens.remember(token, AccessToken(caller, self.clock.now() + self.token_lifetime_s, for_api))
        return token

    def new_session(self, creator_id: str) -> LiveSession:
        """Make a session of nobody yet; it is not kept until `keep`."""
        now_s = self.now()
        return LiveSession(self.new_id(), "", creator_id, now_s, now_s)

    def keep(self, session: LiveSession) -> None:
        """Remember *session* as it is now, under a new token: the one before is dead."""
        self._bearers.pop(session.token, None)
        session.token = f"{secrets.token_urlsafe(60)}+/~="  # nobody may assume how a token looks
        session.sequence += 1
        session.changed_at_s = self.now()
        self.sessions[session.session_id] = session
        self._bearers[session.token] = session

    def end(self, session: LiveSession) -> None:
        """Terminate *session*; a second time changes nothing."""
        if not session.terminated:
            session.terminated = True
            session.sequence += 1
            session.changed_at_s = self.now()

    def is_live(self, session: LiveSession) -> bool:
        """Tell whether *session* is neither terminated nor expired."""
        return not session.terminated and not session.has_expired(self.clock.now())

    def caller(self, bearer: str) -> Caller | None:
        """Return whose token *bearer* is: a caller's own, one from the token endpoint, or a live session's."""
        known = self.callers.get(bearer)
        if known is not None:
            return known
        access = self.access_tokens.get(bearer)
        if access is not None:
            return access.caller if access.for_api and self.clock.now() < access.expires_at_s else None
        session = self._bearers.get(bearer)
        if session is None or session.user is None or not self.is_live(session):
            return None
        return Caller(session.user.user_id, None)

    def user(self, *, login_name: str | None = None, user_id: str | None = None) -> User | None:
        """Find a user by login name, in whichever case, or by id."""
        if login_name is not None:
            return self.users.get(login_name.casefold())
        return next((user for user in self.users.values() if user.user_id == user_id), None)
