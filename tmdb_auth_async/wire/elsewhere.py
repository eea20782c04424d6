"""A client belongs to the event loop that it was made in: what it is used for in another one goes wrong."""

from __future__ import annotations

import asyncio

from aiohttp import ClientSession

from ..errors import AuthError, NotConfigured, Unreachable
from ..signed import Signed

ELSEWHERE = "this manager, or its client, belongs to another event loop: make one in each, and close it there"


def is_elsewhere(client: ClientSession) -> bool:
    """Say whether *client* belongs to another loop than the one that runs."""
    loop: object = getattr(client, "_loop", None)  # aiohttp has no public name for it
    return loop is not None and loop is not asyncio.get_running_loop()


def lost_elsewhere(signed: Signed, client: ClientSession) -> AuthError | None:
    """Return our error for a request that went wrong over *client* because of that, else `None`."""
    if not is_elsewhere(client):
        return None
    if signed.request.creates and signed.left:
        return Unreachable(ELSEWHERE, may_have_created=True)
    return NotConfigured(ELSEWHERE)
