"""Where kept sessions and the journal of open ones live."""

from .memory import MemoryStore

__all__ = ["MemoryStore"]
