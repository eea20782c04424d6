"""Where kept sessions and the journal of open ones live."""

from importlib import import_module
from typing import TYPE_CHECKING

from .memory import MemoryStore

if TYPE_CHECKING:
    from .keyring import KeyringStore
    from .redis import RedisStore
    from .sqlite import SQLiteStore

__all__ = ["KeyringStore", "MemoryStore", "RedisStore", "SQLiteStore"]

_LATER = {"KeyringStore": ".keyring", "RedisStore": ".redis", "SQLiteStore": ".sqlite"}


if not TYPE_CHECKING:  # by which a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        """Import a durable store when it is first named: most programs name one at the most."""
        if name not in _LATER:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(_LATER[name], __name__), name)

    def __dir__() -> list[str]:
        """List them all, those that are not imported yet as well."""
        return sorted({*globals(), *__all__})
