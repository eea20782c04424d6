"""What openings work with."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from ..asking import Asker
from ..closer import Closer
from ..deadlines import Deadlines
from ..errors import SessionClosed
from ..journal import Journal
from ..tally import Tally
from .made import Made
from .pool import Pool


def closed_meanwhile() -> SessionClosed:
    """Return the error for whoever opens when the manager ends."""
    message = "the manager was closed meanwhile: open a new one"
    return SessionClosed(message)


class UnderWay(Protocol):
    """An opening that is not over."""

    def abandon(self) -> None:
        """Stop as soon as that loses nothing, and close what was made."""
        ...

    def ended(self) -> asyncio.Future[Any]:
        """Return what is done when it is over."""
        ...


class Tools:
    """What all openings of one manager work with; what nobody takes is closed by the closer."""

    __slots__ = (
        "asker",
        "close_timeout_s",
        "closer",
        "creations",
        "journal",
        "patience",
        "pool",
        "tally",
        "under_way",
    )

    def __init__(  # the parts of one manager
        self,
        *,
        asker: Asker,
        pool: Pool,
        closer: Closer,
        journal: Journal,
        tally: Tally,
        close_timeout_s: float,
        patience: Deadlines,
    ) -> None:
        """Have them at hand; nothing is under way yet."""
        self.asker = asker
        self.pool = pool
        self.closer = closer
        self.journal = journal
        self.tally = tally
        self.close_timeout_s = close_timeout_s
        self.patience = patience
        self.under_way: set[UnderWay] = set()
        self.creations: set[asyncio.Task[Any]] = set()

    def ledger(self) -> Made:
        """Return where one opening writes down what it has made."""
        return Made(self.journal, self.closer, self.tally)
