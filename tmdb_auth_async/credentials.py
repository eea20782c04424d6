"""The app credentials: what signs every request of the program."""

from __future__ import annotations

import os
import re
from typing import ClassVar, Self

import attrs

from .errors import NotConfigured
from .ports import Ask
from .records import Recorded
from .sealed import Sealed, value
from .signed import Signed, Signs
from .values import shown_path

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_TOKEN_ENV = "TMDB_READ_ACCESS_TOKEN"  # noqa: S105  # the name of a variable, not a token
_KEY_ENV = "TMDB_API_KEY"


def _check(text: object, what: str) -> str:
    if not isinstance(text, str | None):
        message = f"the {what} must be a text, not a {type(text).__name__}"
        raise NotConfigured(message)
    if text is None or not text.strip():
        message = f"the {what} is empty: see https://www.themoviedb.org/settings/api for yours"
        raise NotConfigured(message)
    if not _PRINTABLE.fullmatch(text):
        message = f"the {what} holds spaces, line breaks or other signs no credential has: strip it"
        raise NotConfigured(message)
    return text


def _check_token(_: object, __: object, token: str) -> None:
    if _V3_KEY.fullmatch(_check(token, "token")):
        message = "this looks like a v3 API key, not a token: use ApiKey(key), or the API Read Access Token"
        raise NotConfigured(message)


def _check_key(_: object, __: object, key: str) -> None:
    if _check(key, "API key").startswith("eyJ"):
        message = "this looks like an API Read Access Token, not a v3 API key: use BearerToken(token)"
        raise NotConfigured(message)


def _from_env(variable: str) -> str:
    text = os.environ.get(variable, "").strip()
    if not text:
        message = f"set the environment variable {variable}"
        raise NotConfigured(message)
    return text


@value
class BearerToken(Recorded, Signs):
    """A token sent as `Authorization: Bearer`: an app's read access token, or a user's own.

    As a strategy it opens nothing and closes nothing: its session signs with this token.
    Raises `NotConfigured` for an empty token or a v3 API key.
    """

    ends_by_itself: ClassVar[bool] = True

    token: str = attrs.field(repr=False, validator=_check_token)

    @classmethod
    def from_env(cls) -> Self:
        """Read `TMDB_READ_ACCESS_TOKEN`; raises `NotConfigured` when it is missing."""
        return cls(_from_env(_TOKEN_ENV))

    @property
    def access_token(self) -> str:
        """The token, under the name that sessions have for it."""
        return self.token

    def put_on(self, signed: Signed, /) -> None:
        """Send the token as the bearer."""
        signed.authorization = f"Bearer {self.token}"

    async def open(self, ask: Ask, /) -> BearerToken:
        """Open nothing: the token is the session."""
        del ask
        return self

    async def close(self, ask: Ask, session: BearerToken | None = None, /) -> None:
        """Close nothing: the token stays the program's."""


@value
class ApiKey(Sealed, Signs):
    """A v3 API key, sent as the query parameter `api_key`; v4 calls do not take it.

    Raises `NotConfigured` for an empty key or a read access token.
    """

    key: str = attrs.field(repr=False, validator=_check_key)

    @classmethod
    def from_env(cls) -> Self:
        """Read `TMDB_API_KEY`; raises `NotConfigured` when it is missing."""
        return cls(_from_env(_KEY_ENV))

    def put_on(self, signed: Signed, /) -> None:
        """Send the key in the query; raises `NotConfigured` for a v4 path, which takes a bearer only."""
        path = signed.request.path
        if path.startswith("/4/"):
            message = f"{shown_path(path)} takes no API key: give the manager BearerToken(read_access_token)"
            raise NotConfigured(message)
        signed.params = {**signed.params, "api_key": self.key}
