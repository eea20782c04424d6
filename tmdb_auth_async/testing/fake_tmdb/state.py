"""What the fake TMDB knows: its users, its tokens and who is logged in."""

import secrets
from typing import Literal

import attrs

from ..clock import Clock
from ..fading import Fading
from .tokens import encode_jwt, new_id
from .users import Shelf, User

V3, V4 = 3, 4
"""TMDB's two APIs."""

V3_TOKEN_LIFE_S = 60 * 60
V4_TOKEN_LIFE_S = 15 * 60
GUEST_LIFE_S = 24 * 60 * 60
TOKEN_AFTERLIFE_S = 60 * 60  # in which whoever brings a dead one hears so, rather than that there never was one


@attrs.define(eq=False)
class RequestToken:
    """A request token and how far it has come; it is good for one exchange."""

    token: str = attrs.field(repr=False)
    version: int
    expires_at_s: float
    jti: str = attrs.field(default="", repr=False)
    redirect_to: str | None = attrs.field(default=None, repr=False)
    standing: Literal["pending", "approved", "used"] = "pending"
    user: User | None = attrs.field(default=None, repr=False)


@attrs.define(eq=False)
class GuestSession:
    """A guest session and what its guest has rated."""

    expires_at_s: float
    shelf: Shelf = attrs.field(factory=Shelf, repr=False)


class TMDBState:
    """Everything the fake remembers; its repr shows nothing."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.url = ""
        self.users: dict[str, User] = {}
        self.request_tokens = Fading[RequestToken](clock, after_s=TOKEN_AFTERLIFE_S)
        self.sessions: dict[str, User] = {}
        self.guest_sessions = Fading[GuestSession](clock)
        self.access_tokens: dict[str, User] = {}
        self.key = secrets.token_bytes(32)
        self.api_key = new_id(32)
        self.read_access_token = encode_jwt(
            {
                "aud": self.api_key,
                "nbf": round(clock.now(), 3),
                "sub": new_id(24),
                "scopes": ["api_read"],
                "version": 1,
            },
            self.key,
        )

    def add_user(self, user: User) -> None:
        """Let *user* have an account; `ValueError` when the name is taken."""
        if user.username in self.users:
            raise ValueError("a user of that name was added before")
        self.users[user.username] = user

    def new_v3_request_token(self) -> RequestToken:
        """Give out a v3 request token, for an hour."""
        return self._keep(RequestToken(new_id(40), V3, self.clock.now() + V3_TOKEN_LIFE_S))

    def new_v4_request_token(self, redirect_to: str | None) -> RequestToken:
        """Give out a v4 request token, a JWT for a quarter of an hour that knows where to send its user."""
        now, jti = round(self.clock.now(), 3), new_id(24)
        expires_at_s = int(now) + V4_TOKEN_LIFE_S
        claims: dict[str, object] = {
            "aud": self.api_key,
            "nbf": now,
            "jti": jti,
            "scopes": ["pending_request_token"],
            "version": 2,
            "exp": expires_at_s,
        }
        if redirect_to is not None:
            claims["redirect_to"] = redirect_to
        return self._keep(RequestToken(encode_jwt(claims, self.key), V4, expires_at_s, jti, redirect_to))

    def is_live(self, token: RequestToken) -> bool:
        """Tell whether *token* can still become a session: pending or approved, and young enough."""
        return token.standing in {"pending", "approved"} and self.clock.now() < token.expires_at_s

    def decide(self, request_token: str, user: User | None) -> None:
        """Let *user* approve a live request token, or with `None` somebody deny it; else `LookupError`.

        A denied token is forgotten, so that whoever asks about it can tell it from one not answered yet.
        """
        token = self.request_tokens.get(request_token)
        if token is None or not self.is_live(token):
            raise LookupError("no such request token: never given out, expired, denied or used")
        if user is None:
            del self.request_tokens[request_token]
        else:
            token.standing, token.user = "approved", user

    def use(self, token: RequestToken) -> User | None:
        """Spend *token*; `None` if it is not live or not approved."""
        if token.standing != "approved" or not self.is_live(token):
            return None
        token.standing = "used"
        return token.user

    def new_session(self, user: User) -> str:
        """Log *user* in; the session lives until it is deleted."""
        session_id = new_id(40)
        self.sessions[session_id] = user
        return session_id

    def new_guest_session(self) -> tuple[str, GuestSession]:
        """Let a guest in for a day."""
        guest_session_id, guest = new_id(32), GuestSession(self.clock.now() + GUEST_LIFE_S)
        self.guest_sessions.remember(guest_session_id, guest)
        return guest_session_id, guest

    def guest(self, guest_session_id: str | None) -> GuestSession | None:
        """Return a guest session that has not expired."""
        guest = self.guest_sessions.get(guest_session_id or "")
        return guest if guest is not None and self.clock.now() < guest.expires_at_s else None

    def new_access_token(self, user: User, jti: str) -> str:
        """Give *user* an access token without an end."""
        claims: dict[str, object] = {
            "aud": self.api_key,
            "nbf": round(self.clock.now(), 3),
            "jti": jti,
            "sub": user.object_id,
            "scopes": ["api_read", "api_write"],
            "version": 2,
        }
        token = encode_jwt(claims, self.key)
        self.access_tokens[token] = user
        return token

    def _keep(self, token: RequestToken) -> RequestToken:
        self.request_tokens.remember(token.token, token)
        return token
