"""FakeTMDB: TMDB on 127.0.0.1, for tests, demonstrations and any client in any language."""

import ssl

from ..clock import Clock
from ..messages import Answer
from ..server import FakeServer
from .codes import Complaint, refusal
from .site import SITE
from .state import TMDBState
from .tokens import new_id
from .users import User
from .v3_account import V3_ACCOUNT
from .v3_auth import V3_AUTH
from .v3_movies import V3_MOVIES
from .v4 import V4_ROUTES

_FIRST_ACCOUNT_ID = 548


class FakeTMDB(FakeServer[TMDBState]):
    """A stateful TMDB: its API's authentication, what a session is good for, and its approval pages.

    `async with FakeTMDB() as fake` serves it. It begins without a user. `port` 0 is any free one; with an
    `ssl_context` it is https; `latency_s` is added to every answer.
    """

    def __init__(self, *, port: int = 0, ssl_context: ssl.SSLContext | None = None, latency_s: float = 0.0) -> None:
        clock = Clock()
        super().__init__(
            TMDBState(clock),
            (*V3_AUTH, *V3_ACCOUNT, *V3_MOVIES, *V4_ROUTES, *SITE),
            clock=clock,
            public_ids=frozenset({"movie_id"}),
            port=port,
            ssl_context=ssl_context,
            latency_s=latency_s,
        )

    @property
    def api_key(self) -> str:
        """The one v3 api_key it accepts, 32 hexadecimal digits."""
        return self._state.api_key

    @property
    def read_access_token(self) -> str:
        """The one read access token it accepts: a JWT whose `aud` is the api_key."""
        return self._state.read_access_token

    @property
    def request_tokens(self) -> set[str]:
        """The request tokens that can still become a session: pending or approved."""
        return {token.token for token in self._state.request_tokens.values() if self._state.is_live(token)}

    @property
    def sessions(self) -> set[str]:
        """The ids of the users' sessions that live."""
        return set(self._state.sessions)

    @property
    def guest_sessions(self) -> set[str]:
        """The ids of the guest sessions that have not expired."""
        return {one for one in self._state.guest_sessions if self._state.guest(one) is not None}

    @property
    def access_tokens(self) -> set[str]:
        """The users' v4 access tokens that live."""
        return set(self._state.access_tokens)

    async def start(self) -> None:
        """Begin to listen; after a `stop` on the same port again, with everything still known."""
        await super().start()
        self._state.url = self.url

    def add_user(
        self,
        username: str,
        password: str,
        *,
        disabled: bool = False,
        email_verified: bool = True,
        two_factor: bool = False,
    ) -> None:
        """Let somebody have an account; `ValueError` when the name is taken. The first one approves by default."""
        self._state.add_user(
            User(
                username,
                password,
                _FIRST_ACCOUNT_ID + len(self._state.users),
                new_id(24),
                disabled=disabled,
                email_verified=email_verified,
                two_factor=two_factor,
            )
        )

    def approve(self, request_token: str, username: str | None = None) -> None:
        """Say yes to a live v3 or v4 request token, as the first user unless one is named; else `LookupError`."""
        users = self._state.users
        user = next(iter(users.values()), None) if username is None else users.get(username)
        if user is None:
            raise LookupError("nobody can approve: add_user(username, password) first")
        self._state.decide(request_token, user)

    def deny(self, request_token: str) -> None:
        """Say no to a live v3 or v4 request token, which TMDB then forgets; `LookupError` if it is not live."""
        self._state.decide(request_token, None)

    def revoke(self, secret: str) -> None:
        """End a session, a guest session or an access token at TMDB, as its user would; `LookupError` if none lives."""
        state = self._state
        known = (state.sessions, state.guest_sessions, state.access_tokens)
        if not any(held.pop(secret, None) is not None for held in known):
            raise LookupError("no such session or access token lives here")

    def _refuse(self, status: int | None, code: int | str | None) -> Answer:
        return refusal(status, code)

    def _no_such_path(self) -> Answer:
        return Complaint(34).answer()

    def _no_such_method(self) -> Answer:
        return Complaint(42).answer()
