"""How a human says yes to a request token."""

from .password import Password

__all__ = ["Password"]
