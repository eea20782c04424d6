"""Open sessions, and know which openings are under way."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from .jobs import Job
from .opening import Opening, Tools

R = TypeVar("R")
D = TypeVar("D")


class Opener:
    """Owns every opening of one manager."""

    def __init__(self, tools: Tools) -> None:
        """Open with *tools*."""
        self.tools = tools

    async def open(self, job: Job[R, D], *, journalled: bool = True) -> D:
        """Do the work of *job* and return what it delivers.

        What is not to stay *journalled* is the caller's alone once it is delivered.

        Whoever is cancelled meanwhile leaves at once; the work goes on where stopping
        it could lose a session, and what nobody took is taken back.
        """
        opening = Opening(self.tools, job, journalled=journalled)
        self.tools.under_way.add(opening)
        try:
            await opening.waiter
        except asyncio.CancelledError:
            opening.abandon()
            raise
        return opening.delivered
