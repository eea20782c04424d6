"""Measurements that are no race: each in a process of its own."""

from .alone import alone
from .cancels import Cancelled, cancel
from .imports import Imports, compare_imports
from .logins import WARM_UPS, Logins, log_in_together
from .memory import bytes_a_session
from .trips import Trips, count_trips

__all__ = [
    "WARM_UPS",
    "Cancelled",
    "Imports",
    "Logins",
    "Trips",
    "alone",
    "bytes_a_session",
    "cancel",
    "compare_imports",
    "count_trips",
    "log_in_together",
]
