"""Open sessions, and know which openings are under way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from .apart import Opening
from .here import OpeningHere
from .jobs import Job
from .tools import Tools, closed_meanwhile

R = TypeVar("R")
D = TypeVar("D")


class Opener:
    """Owns every opening of one manager."""

    def __init__(self, tools: Tools) -> None:
        """Open with *tools*."""
        self.tools = tools

    def open(self, job: Job[R, D], *, journalled: bool = True) -> Coroutine[Any, Any, D]:
        """Do the work of *job* and return what it delivers.

        What is not to stay *journalled* is the caller's alone once it is delivered.

        Whoever is cancelled meanwhile leaves at once; the work goes on where stopping
        it could lose a session, and what nobody took is taken back.
        """
        if job.asks_plainly:
            opening: OpeningHere[R, D] = OpeningHere(self.tools)
            return opening.open(job, journalled=journalled)
        return self._open_apart(job, journalled=journalled)

    async def _open_apart(self, job: Job[R, D], *, journalled: bool) -> D:
        opening = Opening(self.tools, job, journalled=journalled)
        if not opening.task.done():  # tasks may be eager
            self.tools.under_way.add(opening)
        task = asyncio.current_task()
        cancels = 0 if task is None else task.cancelling()
        try:
            await opening.waiter
        except asyncio.CancelledError:
            is_over = opening.abandoned and task is not None and task.cancelling() <= cancels
            opening.abandon()
            job.fail()
            if not is_over:
                raise
        except BaseException:
            job.fail()
            raise
        else:
            return opening.delivered
        raise closed_meanwhile()
