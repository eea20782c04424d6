"""When a session ends by itself, by what its value says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ..values import SessionValue

_LONGEST_MARGIN = timedelta(seconds=60)


def is_over(value: SessionValue) -> bool:
    """Say whether *value* has ended by itself."""
    end = _end(value)
    return end is not None and end <= datetime.now(UTC)


def believed_end(value: SessionValue) -> datetime | None:
    """Return when *value* ends, which is used from now on.

    An end that is past already is of a clock that is wrong, here or there: the service is to say when it is over.
    """
    return None if is_over(value) else _end(value)


def stale_from(end: datetime | None) -> datetime | None:
    """Return when *end* is too near: a tenth of what is left until then, at most a minute, before it."""
    return None if end is None else end - min(_LONGEST_MARGIN, (end - datetime.now(UTC)) / 10)


def _end(value: SessionValue) -> datetime | None:
    end: datetime | None = getattr(value, "expires_at", None)
    return end
