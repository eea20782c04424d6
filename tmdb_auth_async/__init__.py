"""Open TMDB sessions from asyncio, use them, leave none behind."""

from . import errors, tmdb
from .approvals import ApprovalLink, Browser, Link, Password, Redirect
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
from .strategies import Chain, Guest, RequestTokenLogin, V4Conversion, V4Login
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
