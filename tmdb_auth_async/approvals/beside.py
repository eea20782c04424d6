"""Something that runs beside a block and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from ..closing import see_through

_GRACE_S = 0.5
_END_S = 5.0


class Beside:
    """A block with one task beside it, which ends half a second after it, or at once when the block is cancelled."""

    def __init__(self) -> None:
        """Begin with nothing beside the block."""
        self._task: asyncio.Task[object] | None = None

    def start(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        """Run *work* beside the block."""
        self._task = asyncio.get_running_loop().create_task(work)
        return self._task

    async def __aenter__(self) -> Self:
        """Do nothing: nothing runs yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End what runs beside; what it raised is for the block to see, or for nobody."""
        if self._task is None:
            return
        try:
            if not isinstance(error, asyncio.CancelledError):
                await asyncio.wait({self._task}, timeout=_GRACE_S)
        finally:
            self._task.cancel()
            cancel = await see_through(self._task, timeout_s=_END_S)
            if self._task.done() and not self._task.cancelled():
                self._task.exception()
        if cancel is not None:
            raise cancel
