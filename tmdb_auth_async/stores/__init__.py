"""Where kept sessions and the journal of open ones live."""

from .keyring import KeyringStore
from .memory import MemoryStore
from .redis import RedisStore
from .sqlite import SQLiteStore

__all__ = ["KeyringStore", "MemoryStore", "RedisStore", "SQLiteStore"]
