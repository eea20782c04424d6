"""Who a session belongs to, as TMDB says."""

from __future__ import annotations

import attrs

from .. import Call, Request


@attrs.frozen
class Account:
    """The account behind a session: TMDB's number for it and the user's name; `name` may be empty."""

    id: int
    username: str
    name: str = ""


ACCOUNT = Call(Request("GET", "/3/account"), Account)
"""Read the account: `GET /3/account`."""
