"""What an approval's settings must be."""

from __future__ import annotations

from typing import Any, Protocol

from ..options import check_positive


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def positive(_: object, field: _Named, number: Any) -> None:  # attrs takes the field for what its validator takes
    """Raise `NotConfigured` unless *number* is one and more than 0."""
    check_positive(field.name, number)
