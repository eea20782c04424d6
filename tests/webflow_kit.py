"""What the tests of refused web logins share: where the user comes back to, and the logins there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tmdb_auth_async import (
    Redirect,
    RequestTokenLogin,
    V4Login,
)
from tmdb_auth_async.testing import FakeTMDB

REDIRECT = Redirect("https://films.example/callback")

LOGINS = pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])

Login = Callable[[Redirect], RequestTokenLogin | V4Login]


def exchanges(fake: FakeTMDB) -> int:
    """Count the request tokens that were brought to be exchanged."""
    return sum(request.path in {"/3/authentication/session/new", "/4/auth/access_token"} for request in fake.requests)
