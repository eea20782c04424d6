"""What somebody else said, without the secrets of the request it answers."""

from .marks import secret_in, struck

__all__ = ["secret_in", "struck"]
