"""Gates: requests of a path wait in front of one until a test releases them."""

import asyncio
from types import TracebackType
from typing import Self

from .routes import fits


class Gate:
    """Holds the requests of one path until `release()`; as a `with` block, until its end."""

    def __init__(self, path: str, *, method: str | None, carried_out: bool) -> None:
        self.path = path
        self.method = method
        self.carried_out = carried_out
        self.waiting = 0
        self.released = False
        self._changed = asyncio.Event()
        self._open = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<Gate {'released' if self.released else f'holding {self.waiting}'}>"

    def release(self) -> None:
        """Let every waiting request pass, and every later one."""
        self.released = True
        self._open.set()

    async def reached(self, count: int = 1, *, timeout_s: float = 5.0) -> None:
        """Wait until *count* requests stand at the gate; raises `TimeoutError` past *timeout_s*."""
        async with asyncio.timeout(timeout_s):
            while self.waiting < count:
                self._changed.clear()
                await self._changed.wait()

    async def wait(self) -> None:
        """Stand at the gate until it opens."""
        self.waiting += 1
        self._changed.set()
        try:
            await self._open.wait()
        finally:
            self.waiting -= 1


class Gates:
    """The gates of a fake that are still closed."""

    def __init__(self) -> None:
        self._gates: list[Gate] = []

    def __bool__(self) -> bool:
        return bool(self._gates)

    def add(self, gate: Gate) -> Gate:
        """Close a new gate."""
        self._gates.append(gate)
        return gate

    async def pass_through(self, method: str, path: str, *, carried_out: bool) -> None:
        """Wait at each gate that stands before this request is carried out, or after it was."""
        self._gates = [gate for gate in self._gates if not gate.released]
        for gate in tuple(self._gates):
            if gate.carried_out is carried_out and gate.method in {None, method} and fits(gate.path, path):
                await gate.wait()
