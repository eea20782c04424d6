"""The calls that end a session at TMDB."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..errors import SessionNotFound
from ..values import Call, Request
from .answers import Acknowledged


def delete_session(session_id: str) -> Call[Acknowledged]:
    """Delete a v3 session: `DELETE /3/authentication/session`; an unknown one is `SessionNotFound`."""
    request = Request("DELETE", "/3/authentication/session", json={"session_id": session_id}, repeatable=True)
    return Call(request, Acknowledged, not_found=SessionNotFound)


def delete_v4_access_token(access_token: str) -> Call[Acknowledged]:
    """Delete a user's access token: `DELETE /4/auth/access_token`; an unknown one is `SessionNotFound`."""
    request = Request("DELETE", "/4/auth/access_token", json={"access_token": access_token})
    return Call(request, Acknowledged, not_found=SessionNotFound)


async def end_all(*ends: Callable[[], Awaitable[object]]) -> None:
    """Run *ends* in their order, each whatever became of those before it, and raise the first failure.

    What is not found is ended, so that all of them may be run again after a failure.
    """
    failure: Exception | None = None
    for end in ends:
        try:
            await end()
        except SessionNotFound:
            continue
        except Exception as error:  # noqa: BLE001  # a stranger's source may raise anything; the others are ended first
            failure = failure or error
    if failure is not None:
        raise failure
