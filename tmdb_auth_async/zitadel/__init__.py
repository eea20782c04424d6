"""ZITADEL's session API v2: another service, in one folder; the rest of the package knows nothing of it."""

from .answers import (
    ChangedSession,
    CreatedSession,
    Details,
    Factor,
    Factors,
    UserAgent,
    UserFactor,
    WebAuthNFactor,
    ZitadelSessionInfo,
)
from .calls import MYSELF, create_session, get_session, search_sessions, set_session
from .client_credentials import ClientCredentials
from .ending import terminate_session
from .home import Zitadel
from .login import ZitadelLogin
from .private_key_jwt import PrivateKeyJWT
from .session import ZitadelSession

__all__ = [
    "MYSELF",
    "ChangedSession",
    "ClientCredentials",
    "CreatedSession",
    "Details",
    "Factor",
    "Factors",
    "PrivateKeyJWT",
    "UserAgent",
    "UserFactor",
    "WebAuthNFactor",
    "Zitadel",
    "ZitadelLogin",
    "ZitadelSession",
    "ZitadelSessionInfo",
    "create_session",
    "get_session",
    "search_sessions",
    "set_session",
    "terminate_session",
]
