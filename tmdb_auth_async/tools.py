"""What openings work with."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import attrs

from .asking import Asker
from .closer import Closer
from .deadlines import Deadlines
from .journal import Journal
from .made import Made
from .pool import Pool
from .tally import Tally


class UnderWay(Protocol):
    """An opening that is not over."""

    def abandon(self) -> None:
        """Stop as soon as that loses nothing, and close what was made."""
        ...

    def ended(self) -> asyncio.Future[Any]:
        """Return what is done when it is over."""
        ...


@attrs.frozen(kw_only=True, eq=False)
class Tools:
    """What all openings of one manager work with; what nobody takes is closed by the closer."""

    asker: Asker
    pool: Pool
    closer: Closer
    journal: Journal
    tally: Tally
    close_timeout_s: float
    patience: Deadlines
    under_way: set[UnderWay] = attrs.Factory(set[UnderWay])
    creations: set[asyncio.Task[Any]] = attrs.Factory(set[asyncio.Task[Any]])

    def ledger(self) -> Made:
        """Return where one opening writes down what it has made."""
        return Made(self.journal, self.closer, self.tally)
