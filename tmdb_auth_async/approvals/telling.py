"""Tell a function of the caller's something, without ever holding up the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..aside import outcome_of

A = TypeVar("A")


async def tell(function: Callable[[A], object], what: A) -> bool:
    """Call *function* with *what*, a coroutine function here, any other in a thread; say whether it gave no `False`.

    The thread does not keep the program from ending: a text browser that is never left is no reason to hang.
    """
    return await outcome_of(function, what) is not False
