"""Open TMDB sessions from asyncio, use them, leave none behind."""

from . import errors, tmdb
from .approvals import Password
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
from .ports import AppCredential, Ask, SessionStore, Strategy
from .session import Session
from .strategies import Guest, RequestTokenLogin, V4Conversion, V4Login
from .tally import Stats
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
    "ApprovalTimedOut",
    "Ask",
    "AuthError",
    "BearerToken",
    "Call",
    "Guest",
    "LoginRefused",
    "NoAnswer",
    "NotApproved",
    "NotAttempted",
    "NotConfigured",
    "NotLoggedIn",
    "Password",
    "PermissionDenied",
    "RateLimited",
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
