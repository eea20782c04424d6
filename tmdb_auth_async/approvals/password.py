"""Approval by password, without a person at a browser."""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

from ..errors import NotConfigured
from ..options import check_text
from ..ports import Ask
from ..sealed import Sealed, value
from ..tmdb.flow import Flow
from ..tmdb.opening import create_request_token

T = TypeVar("T")


def _check(_: object, field: attrs.Attribute[Any], text: object) -> None:
    check_text(f"the {field.name}", text)


def _is_ours(approval: Password) -> bool:
    return type(approval) is Password


@value
class Password(Sealed):
    """Approve with the user's own name and password (v3 only).

    TMDB discourages it, and accounts with two-factor cannot use it. Raises `NotConfigured`
    for what is no text.
    """

    username: str = attrs.field(repr=False, validator=_check)
    password: str = attrs.field(repr=False, validator=_check)

    asks_plainly: bool = attrs.field(init=False, repr=False, eq=False, default=attrs.Factory(_is_ours, takes_self=True))
    """Whether this is known to put no time limit around what it asks; an heir must say so for itself."""

    async def approve(self, ask: Ask, flow: Flow[T], /) -> T:
        """Validate the request token with the login; raises `LoginRefused` when it is wrong."""
        if flow.validate is None:
            message = "a v4 login takes no password: give it Browser(), Link(show) or Redirect(url)"
            raise NotConfigured(message)
        if not self.username or not self.password:
            message = "Password needs a username and a password"
            raise NotConfigured(message)
        token = await ask(create_request_token())
        await ask(flow.validate(token.request_token, self.username, self.password))
        return await ask(flow.exchange(token.request_token))
