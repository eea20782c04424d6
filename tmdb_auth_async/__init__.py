"""Open TMDB sessions from asyncio, use them, leave none behind."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, tmdb
    from .approvals.browser import Browser
    from .approvals.link import ApprovalLink, Link
    from .approvals.password import Password
    from .approvals.redirect import Redirect
    from .credentials import ApiKey, BearerToken
    from .errors import (
        AccountUnavailable,
        AppCredentialRefused,
        ApprovalDenied,
        ApprovalTimedOut,
        AuthError,
        LoginRefused,
        NoAnswer,
        NotApproved,
        NotAttempted,
        NotConfigured,
        NotLoggedIn,
        PermissionDenied,
        RateLimited,
        Refused,
        RequestTokenInvalid,
        ServiceDown,
        SessionClosed,
        SessionNotFound,
        TimedOut,
        Unreachable,
        Unreadable,
    )
    from .manager import SessionManager
    from .pending import Pending
    from .ports import AppCredential, Ask, SessionStore, Strategy
    from .session import Session
    from .stats import Stats
    from .strategies.chain import Chain
    from .strategies.guest import Guest
    from .strategies.request_token_login import RequestTokenLogin
    from .strategies.v4_conversion import V4Conversion
    from .strategies.v4_login import V4Login
    from .tmdb import TMDB
    from .tmdb.flow import Approval
    from .values import JSON, Call, Request, Response

__all__ = [
    "JSON",
    "TMDB",
    "AccountUnavailable",
    "ApiKey",
    "AppCredential",
    "AppCredentialRefused",
    "Approval",
    "ApprovalDenied",
    "ApprovalLink",
    "ApprovalTimedOut",
    "Ask",
    "AuthError",
    "BearerToken",
    "Browser",
    "Call",
    "Chain",
    "Guest",
    "Link",
    "LoginRefused",
    "NoAnswer",
    "NotApproved",
    "NotAttempted",
    "NotConfigured",
    "NotLoggedIn",
    "Password",
    "Pending",
    "PermissionDenied",
    "RateLimited",
    "Redirect",
    "Refused",
    "Request",
    "RequestTokenInvalid",
    "RequestTokenLogin",
    "Response",
    "ServiceDown",
    "Session",
    "SessionClosed",
    "SessionManager",
    "SessionNotFound",
    "SessionStore",
    "Stats",
    "Strategy",
    "TimedOut",
    "Unreachable",
    "Unreadable",
    "V4Conversion",
    "V4Login",
    "errors",
    "tmdb",
]

_HOMES = {
    ".approvals.browser": "Browser",
    ".approvals.link": "ApprovalLink Link",
    ".approvals.password": "Password",
    ".approvals.redirect": "Redirect",
    ".credentials": "ApiKey BearerToken",
    ".manager": "SessionManager",
    ".pending": "Pending",
    ".ports": "AppCredential Ask SessionStore Strategy",
    ".session": "Session",
    ".strategies.chain": "Chain",
    ".strategies.guest": "Guest",
    ".strategies.request_token_login": "RequestTokenLogin",
    ".strategies.v4_conversion": "V4Conversion",
    ".strategies.v4_login": "V4Login",
    ".stats": "Stats",
    ".tmdb": "TMDB",
    ".tmdb.flow": "Approval",
    ".values": "Call JSON Request Response",
}
"""Where the names live: a module is imported when a name of it is first asked for."""

_MODULES = {"errors", "tmdb"}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}


if not TYPE_CHECKING:  # by which a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        """Import what is asked for, and nothing that nobody asks for; what is not listed above is an error."""
        if name in _MODULES:
            return import_module(f".{name}", __name__)
        if name not in __all__:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        found: object = getattr(import_module(_HOME.get(name, ".errors"), __name__), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return the names of the face."""
    return __all__
