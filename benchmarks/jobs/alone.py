"""One coroutine in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ..child import Child
from ..setting import prepare

T = TypeVar("T")


def alone(work: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> T:
    """Return what `work(*arguments)` returns in a process of its own."""
    with Child(_work, work, *arguments) as child:
        result: T = child.ask()
    return result


def _work(pipe: Connection, work: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> None:
    prepare()
    pipe.recv()
    pipe.send(asyncio.run(work(*arguments)))
