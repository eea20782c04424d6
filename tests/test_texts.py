"""A name or secret that is no text, or one that no request can hold, is refused where it is given."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from tmdb_auth_async import ApiKey, BearerToken, NotConfigured, Password, Redirect
from tmdb_auth_async.zitadel import ClientCredentials, ZitadelLogin

LATIN_1 = b"canary-s\xe9cret".decode("utf-8", "surrogateescape")
"""What `os.environ` gives for a variable that is written in Latin-1."""

GIVEN: dict[str, Callable[[Any], object]] = {
    "client id": lambda text: ClientCredentials(text, "secret"),
    "client secret": lambda text: ClientCredentials("id", text),
    "username": lambda text: Password(text, "secret"),
    "password": lambda text: Password("ada", text),
    "login name": ZitadelLogin,
    "password at ZITADEL": lambda text: ZitadelLogin("ada", password=text),
    "one-time code": lambda text: ZitadelLogin("ada", totp=text),
    "bearer": BearerToken,
    "API key": ApiKey,
}


@pytest.mark.parametrize("name", [*GIVEN, "callback"])
def test_a_text_that_is_no_unicode_is_refused(name: str) -> None:
    """A lone surrogate ended in Python's own error at the first request, whose arguments hold the whole secret."""
    give = GIVEN.get(name, lambda text: Redirect(f"https://films.example/{text}"))
    with pytest.raises(NotConfigured) as caught:
        give(LATIN_1)
    shown = "".join([*traceback.format_exception_only(caught.value), repr(caught.value), repr(caught.value.args)])
    assert "canary" not in shown
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("given", [b"canary", 5, ["canary"]], ids=["bytes", "a number", "a list"])
@pytest.mark.parametrize("name", GIVEN)
def test_what_is_no_text_is_refused(name: str, given: object) -> None:
    """Bytes, above all: a secret that was read from a file opened as such."""
    with pytest.raises(NotConfigured) as caught:
        GIVEN[name](given)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("text", ["pässwörd", "密码", "🎬", " ", "a\nb"])
def test_a_password_may_hold_any_character(text: str) -> None:
    """What can be encoded is the user's own business."""
    assert Password("ada", text).password == text
    assert ZitadelLogin("ada", password=text).password == text
