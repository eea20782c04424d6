"""What every opening does alike: it asks with what was fetched ahead, and writes down what it has made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from ..errors import RequestTokenInvalid
from ..values import Call
from .jobs import Job
from .made import Made
from .pool import at_hand
from .tools import Tools

T = TypeVar("T")
R = TypeVar("R")


class Asks(ABC):
    """Asks for one opening; a subclass sees to what creates a session."""

    __slots__ = ("_made", "_spare", "_tools")

    def __init__(self, tools: Tools) -> None:
        """Ask by *tools*; nothing is made yet."""
        self._tools = tools
        self._made: Made | None = None
        self._spare: bool | None = False
        """Whether anything was used that was fetched ahead; `None` where nothing of that kind may be."""

    @abstractmethod
    def __call__(self, call: Call[T], /) -> Coroutine[Any, Any, T]:
        """Ask as the program; see a request that may create a session through to its answer."""

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        """Return the URL of a page of the service's website."""
        return self._tools.asker.page(path, params)

    def _ask(self, call: Call[T]) -> Coroutine[Any, Any, T]:
        """Ask what may be repeated, as the program, unless its answer is at hand."""
        tools = self._tools
        spare: T | None = None if self._spare is None else tools.pool.take(call)
        if spare is None:
            return tools.asker.ask(call)
        self._spare = True
        return at_hand(spare)

    async def _work(self, job: Job[R, Any]) -> R:
        """Do the work of *job*, once more with nothing fetched ahead where the service does not know that any more."""
        try:
            return await job.work(self)
        except RequestTokenInvalid:
            if not self._spare:
                raise
        self._spare = None
        self._tools.pool.renew()
        return await job.work(self)

    def _ledger(self) -> Made:
        """Return where it is written what was made so far."""
        if self._made is None:
            self._made = self._tools.ledger()
        return self._made
