"""How a service's answers are read: JSON to typed values, complaints to errors."""

from .answers import already_gone, read_answer
from .ids import check_id, check_token, is_token
from .protocol import Service, Spare
from .reader import Reader
from .trouble import down, fallback, quoted, retry_after_s, say, shown

__all__ = [
    "Reader",
    "Service",
    "Spare",
    "already_gone",
    "check_id",
    "check_token",
    "down",
    "fallback",
    "is_token",
    "quoted",
    "read_answer",
    "retry_after_s",
    "say",
    "shown",
]
