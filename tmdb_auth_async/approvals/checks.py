"""What an approval's settings must be."""

from __future__ import annotations

from typing import Protocol

from ..errors import NotConfigured


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def positive(_: object, field: _Named, number: float) -> None:
    """Raise `NotConfigured` unless *number* is more than 0."""
    if not number > 0:
        message = f"{field.name} must be more than 0"
        raise NotConfigured(message)
