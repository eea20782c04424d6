"""How far a request has got: whether the service may have it."""

from __future__ import annotations

from ..signed import Signed


class Trail:
    """Follows one request from try to try."""

    __slots__ = ("_nothing_done", "ready")

    def __init__(self, ready: Signed | None = None) -> None:
        """Begin with what is *ready* to be sent, or was sent already, if that is so."""
        self.ready = ready
        self._nothing_done = False

    @property
    def may_have_left(self) -> bool:
        """Whether the service may have it, and may do what it asks."""
        return self.ready is not None and self.ready.left and not self._nothing_done

    def goes_on(self, ready: Signed) -> None:
        """Take notice that it is sent now, as it is *ready*, once there is a way for it."""
        self.ready, self._nothing_done = ready, False

    def waits(self) -> None:
        """Take notice that nothing was done so far, and that nothing is sent for now."""
        self._nothing_done = True
