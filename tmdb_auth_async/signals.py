"""Delay a SIGTERM that nobody handles until the sessions are closed, then let it through; a later one at once."""

from __future__ import annotations

import asyncio
import signal
import threading
from time import monotonic
from typing import Protocol
from weakref import WeakKeyDictionary


class Closes(Protocol):
    """What ends sessions."""

    async def aclose(self) -> None:
        """End them."""
        ...


_open: WeakKeyDictionary[Closes, asyncio.AbstractEventLoop] = WeakKeyDictionary()
_ending: set[asyncio.Task[None]] = set()
_since: list[float] = []

INSISTS_AFTER_S = 1.0
"""A SIGTERM that comes so long after the first one lets it through; what comes sooner is the same one, passed on."""


def watch(manager: Closes) -> None:
    """Have *manager* closed before a SIGTERM ends the process.

    Does nothing where the program (its server, its framework) handles SIGTERM itself,
    or outside the main thread: then whoever handles it ends the manager's block.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    current = signal.getsignal(signal.SIGTERM)
    if current is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _on_sigterm)
    elif current is not _on_sigterm:
        return
    _open[manager] = asyncio.get_running_loop()


def unwatch(manager: Closes) -> None:
    """Forget *manager*; with the last one SIGTERM is as it was."""
    if _open.pop(manager, None) is not None and not _open and not _ending:
        _restore()


def _restore() -> None:
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is _on_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _on_sigterm(_: int, __: object) -> None:
    _since.append(monotonic())
    if _since[-1] - _since[0] >= INSISTS_AFTER_S:
        _let_through()
    loops = {loop for loop in _open.values() if loop.is_running()}  # one that stands still closes nothing
    if not loops:
        _let_through()
    for loop in loops:
        loop.call_soon_threadsafe(_begin, loop)


def _begin(loop: asyncio.AbstractEventLoop) -> None:
    if not _ending:
        _ending.add(loop.create_task(_end([manager for manager, where in _open.items() if where is loop])))


async def _end(managers: list[Closes]) -> None:
    try:
        await asyncio.gather(*(manager.aclose() for manager in managers), return_exceptions=True)
    finally:  # the program may be over by now, and its loop cancel what is left
        _let_through()


def _let_through() -> None:
    _since.clear()
    _restore()
    signal.raise_signal(signal.SIGTERM)
