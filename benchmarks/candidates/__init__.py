"""The ways to log in, use a session and delete it: each candidate a file, all the same seven requests."""

from .ours import Borrowed, Kept, Owned
from .plain import Plain
from .protocol import Candidate
from .tuned import Tuned, TunedAgain

CANDIDATES: dict[str, type[Candidate]] = {
    "plain": Plain,
    "tuned": Tuned,
    "tuned again": TunedAgain,
    "ours": Owned,
    "ours, borrowed client": Borrowed,
    "ours, kept session": Kept,
}

__all__ = ["CANDIDATES", "Candidate"]
