"""Ask again while the first answer is still waited for: whichever comes first counts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from ..tally import Tally
from ..values import Call
from .asker import Asker

T = TypeVar("T")


class Hedged:
    """Puts calls by way of an asker that waits long, and what may be repeated once more every *after_s* seconds.

    A service that takes its time is so heard in the end, and an answer that is lost costs no more than *after_s*.
    """

    __slots__ = ("_after_s", "_asker", "_tally")

    def __init__(self, asker: Asker, *, after_s: float, tally: Tally) -> None:
        """Ask by *asker*, whose `timeout_s` bounds it all; what is asked once more counts as retried."""
        self._asker = asker
        self._after_s = after_s
        self._tally = tally

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website."""
        return self._asker.page(path, params)

    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program; raises `Refused` or `NoAnswer`."""
        return self._hedge(call) if call.request.repeatable else self._asker.ask(call)

    async def _hedge(self, call: Call[T]) -> T:
        loop = asyncio.get_running_loop()
        last = loop.time() + self._asker.timeout_s - self._after_s
        answers: list[T] = []  # not the tasks' results: asyncio's debug mode shows those, whatever they are

        async def one() -> None:
            answers.append(await self._asker.ask(call))

        asked: list[asyncio.Task[None]] = []
        over: set[asyncio.Task[None]] = set()
        try:
            while not over:
                self._tally.retried += bool(asked)
                asked.append(loop.create_task(one(), name="tmdb_auth_async: ask"))
                wait_s = self._after_s if loop.time() < last else None
                over, _ = await asyncio.wait(asked, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in asked:
                task.cancel()
            failures = await asyncio.gather(*asked, return_exceptions=True)
        if answers:
            return answers[0]
        raise next((error for error in failures if isinstance(error, Exception)), asyncio.CancelledError())
