"""What every candidate looks like to the worker that runs it."""

from typing import Protocol

from ..target import Target

USES = 3
"""How often a cycle asks for the account."""


class Candidate(Protocol):
    """One way to log in, use the session three times and delete it."""

    def __init__(self, target: Target) -> None:
        """Prepare for *target*; nothing is sent yet."""
        ...

    async def start(self) -> None:
        """Open what a program would open once, its client above all."""
        ...

    async def cycle(self) -> None:
        """Log in, ask for the account three times, delete the session."""
        ...

    async def get(self) -> None:
        """Ask for the account once, by a session that stays open."""
        ...

    async def stop(self) -> None:
        """Close what was opened."""
        ...
