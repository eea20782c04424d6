"""What a manager has counted, as it tells."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Stats:
    """Counts of one manager since it was made.

    `opened` are the sessions opened, or taken over from a store; `closed` those closed at
    the service; `open_now` those that are still this manager's to close;
    `retried` requests that were sent again; `possibly_lost` sessions that a request may
    have created without the program ever seeing the answer; `recovered` sessions that
    a dead process had left open and this manager closed.
    """

    opened: int
    closed: int
    open_now: int
    retried: int
    possibly_lost: int
    recovered: int
