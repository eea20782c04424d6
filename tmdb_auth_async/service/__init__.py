"""How a service's answers are read: JSON to typed values, complaints to errors."""

from .answers import already_gone, read_answer
from .protocol import Service, Spare
from .reader import Reader
from .trouble import down, fallback, quoted, retry_after_s, say, shown

__all__ = [
    "Reader",
    "Service",
    "Spare",
    "already_gone",
    "down",
    "fallback",
    "quoted",
    "read_answer",
    "retry_after_s",
    "say",
    "shown",
]
