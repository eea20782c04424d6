"""What a session may not do: requests that one just opened is refused as well, and which are worth no other."""

from __future__ import annotations

from time import monotonic

from ..values import Request

MOST = 100
"""How many are remembered, the latest."""

BELIEVED_S = 600.0
"""For how long: what was just opened may have been ended in that very moment."""


class Denied:
    """Remembers requests by their method and path."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        """Begin with none."""
        self.until: dict[tuple[str, str], float] = {}
        """Until when each is believed."""

    def __contains__(self, request: Request) -> bool:
        """Say whether *request* is not worth another session."""
        return self.until.get((request.method, request.path), 0.0) > monotonic()

    def add(self, request: Request) -> None:
        """Remember *request*."""
        self.discard(request)
        self.until[request.method, request.path] = monotonic() + BELIEVED_S
        if len(self.until) > MOST:
            del self.until[next(iter(self.until))]

    def discard(self, request: Request) -> None:
        """Forget *request*, which was not refused."""
        self.until.pop((request.method, request.path), None)
