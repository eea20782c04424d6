"""TMDB's authentication endpoints as calls: functions that return `Call[T]`, to be put with `manager.ask`."""

from .answers import (
    Acknowledged,
    CreatedGuestSession,
    CreatedSession,
    RequestToken,
    V4AccessToken,
    V4RequestToken,
)
from .ending import delete_session, delete_v4_access_token
from .home import TMDB, TMDBService
from .opening import (
    create_guest_session,
    create_request_token,
    create_session,
    create_session_from_v4,
    create_v4_access_token,
    create_v4_request_token,
    validate_key,
    validate_with_login,
)
from .sessions import AccessTokenSession, ConvertedSession, GuestSession, UserSession

__all__ = [
    "TMDB",
    "AccessTokenSession",
    "Acknowledged",
    "ConvertedSession",
    "CreatedGuestSession",
    "CreatedSession",
    "GuestSession",
    "RequestToken",
    "TMDBService",
    "UserSession",
    "V4AccessToken",
    "V4RequestToken",
    "create_guest_session",
    "create_request_token",
    "create_session",
    "create_session_from_v4",
    "create_v4_access_token",
    "create_v4_request_token",
    "delete_session",
    "delete_v4_access_token",
    "validate_key",
    "validate_with_login",
]
