"""Answers fetched ahead of their use: unused request tokens, so that a login costs a round trip less."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from datetime import datetime
from typing import Any, TypeVar

from ..asking import Asker
from ..errors import AuthError
from ..service import Spare
from ..values import Call

T = TypeVar("T")

log = logging.getLogger("tmdb_auth_async")


class Pool:
    """Keeps up to *size* answers to the service's spare call; each is handed out once, and none when stale."""

    def __init__(self, asker: Asker, spare: Spare | None, *, size: int) -> None:
        """Hold nothing until the first `fill`."""
        self._asker = asker
        self._spare = spare
        self.size = size if spare is not None else 0
        """How many are kept at hand."""
        self._ready: deque[tuple[float, float, Any]] = deque()
        self._fetches: set[asyncio.Task[None]] = set()

    def take(self, call: Call[Any]) -> Any:  # the answer to *call*, whatever its type
        """Return an answer to *call* that nobody has had, or `None`; another one is fetched in its place."""
        if not self.size or self._spare is None or call is not self._spare.call:
            return None
        answer = None
        while self._ready and answer is None:
            # By the wall clock, which also counts the time that a machine was asleep.
            fetched_at, good_for_s, candidate = self._ready.popleft()
            if 0 <= time.time() - fetched_at < good_for_s:
                answer = candidate
        self.fill()
        return answer

    def renew(self) -> None:
        """Hand out none of those at hand, and fetch others: the service does not know one of them any more."""
        self._ready.clear()
        self.fill()

    def fill(self) -> None:
        """Fetch, in the background, what is missing; the first fetch also opens the connection."""
        for _ in range(self.size - len(self._ready) - len(self._fetches)):
            task = asyncio.get_running_loop().create_task(self._fetch())
            self._fetches.add(task)
            task.add_done_callback(self._fetches.discard)

    async def aclose(self) -> None:
        """Stop fetching and drop what is at hand: unused request tokens expire by themselves."""
        self.size = 0
        self._ready.clear()
        tasks = set(self._fetches)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _fetch(self) -> None:
        if self._spare is None:
            return
        try:
            answer = await self._asker.ask(self._spare.call)
        except AuthError as error:
            log.debug("fetching ahead failed: %s", type(error).__name__)
        else:
            now = time.time()
            self._ready.append((now, _good_for_s(self._spare, answer, now), answer))


def _good_for_s(spare: Spare, answer: object, now: float) -> float:
    """Return for how many seconds *answer* is good; an end that is past already shows that a clock is wrong."""
    expires_at: datetime | None = getattr(answer, "expires_at", None)
    left_s = 0.0 if expires_at is None else expires_at.timestamp() - now
    return min(spare.good_for_s, left_s) if left_s > 0 else spare.good_for_s


async def at_hand(answer: T) -> T:
    """Return an answer that is there already, to whoever awaits it."""
    return answer
