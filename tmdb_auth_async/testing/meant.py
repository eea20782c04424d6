"""What a test asks a fake for, checked where it asks: what can never happen would else be waited for in silence."""

import math

_STATUSES = range(100, 600)


def checked_path(path: object) -> str:
    """Return *path*, literal or a template; raises `ValueError` for one that no request has."""
    if not isinstance(path, str) or not path.startswith("/") or "?" in path:
        raise ValueError("a path begins with a slash and has neither host nor query, as /3/configuration: correct it")
    return path


def checked_method(method: object) -> str:
    """Return *method* as requests have it; raises `ValueError` for what is no name of one."""
    if not isinstance(method, str) or not method.isascii() or not method.isalpha():
        raise ValueError("a method is a word such as GET: correct it, or leave it out for all of them")
    return method.upper()


def check_status(status: object) -> None:
    """Raise `ValueError` for what is no HTTP status."""
    if not isinstance(status, int) or status not in _STATUSES:
        raise ValueError("a status is a number from 100 to 599: correct it")


def check_count(name: str, count: object) -> None:
    """Raise `ValueError` unless *count*, which is called *name*, can be counted down."""
    if not isinstance(count, int) or count < 0:
        raise ValueError(f"{name} must be a whole number and not negative")


def check_seconds(name: str, seconds: object) -> None:
    """Raise `ValueError` unless *seconds*, which are called *name*, go forward and end."""
    if not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        raise ValueError(f"{name} must be a finite number of seconds and not negative: time goes forward")
