"""The libraries that only some stores need."""

from __future__ import annotations

import asyncio
import importlib

from ..errors import NotConfigured


async def load_extra(store: str, extra: str, *libraries: str) -> None:
    """Import *libraries* in a thread, since it takes longer than an event loop should stand still.

    Raises `NotConfigured` where *store* lacks them, naming the *extra* that brings them.
    """
    if not await asyncio.to_thread(_load, libraries):
        message = f"{store} needs libraries that are not installed: pip install 'tmdb-auth-async[{extra}]'"
        raise NotConfigured(message)


def _load(libraries: tuple[str, ...]) -> bool:
    try:
        for library in libraries:
            importlib.import_module(library)
    except ImportError:
        return False
    return True
