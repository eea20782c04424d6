"""The calls that lead to a session at TMDB."""

from __future__ import annotations

from ..errors import RequestTokenInvalid
from ..values import Call, Request
from .answers import (
    Acknowledged,
    CreatedGuestSession,
    CreatedSession,
    RequestToken,
    V4AccessToken,
    V4RequestToken,
)
from .sessions import AccessTokenSession, UserSession

_VALIDATE_KEY = Call(Request("GET", "/3/authentication"), Acknowledged)
_REQUEST_TOKEN = Call(Request("GET", "/3/authentication/token/new"), RequestToken)
_GUEST_SESSION = Call(
    Request("GET", "/3/authentication/guest_session/new", repeatable=False, creates=True), CreatedGuestSession
)


def validate_key() -> Call[Acknowledged]:
    """Ask whether the app credential is valid: `GET /3/authentication`."""
    return _VALIDATE_KEY


def create_guest_session() -> Call[CreatedGuestSession]:
    """Create a guest session: `GET /3/authentication/guest_session/new`."""
    return _GUEST_SESSION


def create_request_token() -> Call[RequestToken]:
    """Fetch a v3 request token: `GET /3/authentication/token/new`."""
    return _REQUEST_TOKEN


def validate_with_login(request_token: str, username: str, password: str) -> Call[RequestToken]:
    """Approve a request token with a password: `POST /3/authentication/token/validate_with_login`.

    Raises `LoginRefused` for a wrong one; it is not tried again, since TMDB locks accounts.
    """
    login = {"username": username, "password": password, "request_token": request_token}
    request = Request("POST", "/3/authentication/token/validate_with_login", json=login, repeatable=True)
    return Call(request, RequestToken, not_found=RequestTokenInvalid)


def create_session(request_token: str) -> Call[CreatedSession]:
    """Exchange an approved request token for a session: `POST /3/authentication/session/new`."""
    body = {"request_token": request_token}
    request = Request("POST", "/3/authentication/session/new", json=body, repeatable=False, creates=True)
    return Call(request, CreatedSession, opens=user_session, not_found=RequestTokenInvalid)


def create_session_from_v4(access_token: str) -> Call[CreatedSession]:
    """Convert a user's access token into a v3 session: `POST /3/authentication/session/convert/4`."""
    request = Request("POST", "/3/authentication/session/convert/4", json={"access_token": access_token}, creates=True)
    return Call(request, CreatedSession, opens=user_session)


def create_v4_request_token(redirect_to: str | None = None) -> Call[V4RequestToken]:
    """Fetch a v4 request token, after whose approval the user goes to *redirect_to*: `POST /4/auth/request_token`."""
    body = {} if redirect_to is None else {"redirect_to": redirect_to}
    return Call(Request("POST", "/4/auth/request_token", json=body, repeatable=True), V4RequestToken)


def create_v4_access_token(request_token: str) -> Call[V4AccessToken]:
    """Exchange an approved v4 request token for a user's access token: `POST /4/auth/access_token`."""
    request = Request("POST", "/4/auth/access_token", json={"request_token": request_token}, creates=True)
    return Call(request, V4AccessToken, opens=access_token_session, not_found=RequestTokenInvalid)


def access_token_session(made: V4AccessToken) -> AccessTokenSession:
    """Return the session that *made* is."""
    return AccessTokenSession(made.access_token, made.account_id)


def user_session(made: CreatedSession) -> UserSession:
    """Return the session that *made* is."""
    return UserSession(made.session_id)
