"""The measurements that are no race, each on a server of its own."""

from __future__ import annotations

from collections.abc import Mapping

from .child import Child
from .jobs import WARM_UPS, alone, bytes_a_session, cancel, count_trips, log_in_together
from .results import Crowd, Left, trips_spread
from .server import serve
from .spread import Spread

TRIP_S = 0.05
CALLERS = 1_000
SESSIONS = 3_000  # tracing makes a login four times as slow
_SHORT_TRIP_S = 0.002


def memory() -> float:
    """Return the bytes that an open session costs."""
    with Child(serve, "tmdb") as server:
        return alone(bytes_a_session, server.ask(what="target"), SESSIONS)


def logins(repeats: int) -> list[Crowd]:
    """Let a thousand log in at once, under one name and each under its own."""
    with Child(serve, "tmdb") as server:
        far = server.ask(what="far target", round_trip_s=TRIP_S)
        crowds: list[Crowd] = []
        for _ in range(repeats):
            server.ask(what="begin")
            took = alone(log_in_together, far, CALLERS)
            opened = server.ask(what="report").requests["POST /3/authentication/session/new 200"]
            sessions = (opened - CALLERS - WARM_UPS) / len(took.one_name)
            crowds.append(Crowd(took=took, sessions=sessions))
        return crowds


def trips(repeats: int) -> dict[str, dict[str, Spread]]:
    """Count the round trips that a caller waits for, without and with TLS."""
    counted: dict[str, dict[str, Spread]] = {}
    for service in ("tmdb", "tls"):
        with Child(serve, service) as server:
            far = server.ask(what="far target", round_trip_s=TRIP_S)
            counted[service] = trips_spread([alone(count_trips, far) for _ in range(repeats)])
    return counted


def cancels(scopes: Mapping[str, int]) -> dict[str, Left]:
    """Cancel scopes at random moments: by this library, and by the code that people write by hand."""
    with Child(serve, "tmdb") as server:
        near = server.ask(what="far target", round_trip_s=_SHORT_TRIP_S)
        left: dict[str, Left] = {}
        for name, count in scopes.items():
            before = server.ask(what="begin")
            did = alone(cancel, near, name, count)
            after = server.ask(what="report")
            left[name] = Left(
                did=did,
                sessions_left=after.sessions - before.sessions,
                connections=after.connections - before.connections,
            )
        return left
