"""What the synchronous clients share: a whole cycle in a thread, the kindest way to call them from asyncio."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from ..target import Target
from .protocol import USES

S = TypeVar("S")
R = TypeVar("R")

_MOST_THREADS = 512


class Threaded(ABC, Generic[S]):
    """Runs cycles in as many threads as are wanted at once, each with a client of its own."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(_MOST_THREADS)
        self._kept: S

    @abstractmethod
    def log_in(self) -> S:
        """Log in; return what stands for the session."""

    @abstractmethod
    def account(self, session: S) -> None:
        """Ask for the account."""

    @abstractmethod
    def delete(self, session: S) -> None:
        """Delete the session."""

    async def start(self) -> None:
        self._kept = await self._in_thread(self.log_in)

    async def cycle(self) -> None:
        await self._in_thread(self._cycle)

    async def get(self) -> None:
        await self._in_thread(lambda: self.account(self._kept))

    async def stop(self) -> None:
        await self._in_thread(lambda: self.delete(self._kept))
        self._threads.shutdown()

    def _cycle(self) -> None:
        session = self.log_in()
        try:
            for _ in range(USES):
                self.account(session)
        finally:
            self.delete(session)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
