"""The ways to open a session at TMDB, one a file."""

from .chain import Chain
from .guest import Guest
from .request_token_login import RequestTokenLogin
from .v4_conversion import V4Conversion
from .v4_login import V4Login

__all__ = ["Chain", "Guest", "RequestTokenLogin", "V4Conversion", "V4Login"]
