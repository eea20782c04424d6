"""The ways to log in, use a session and delete it: each candidate a file, all the same seven requests."""

from .apis import ByTmdbapis
from .httpx_client import ByHttpx
from .moviedb import ByThemoviedb
from .ours import Among100, Among10000, Borrowed, ByPython, Journalled, Kept, Owned
from .plain import Knobs, Plain
from .protocol import Candidate
from .simple import ByTmdbsimple
from .tuned import Tuned, TunedAgain
from .zitadel import ByZitadelClient, OursAtZitadel

CANDIDATES: dict[str, type[Candidate]] = {
    "plain": Plain,
    "knobs": Knobs,
    "tuned": Tuned,
    "tuned again": TunedAgain,
    "ours": Owned,
    "ours, no msgspec": ByPython,
    "ours, borrowed client": Borrowed,
    "ours, kept session": Kept,
    "ours, SQLite journal": Journalled,
    "ours among 100": Among100,
    "ours among 10,000": Among10000,
    "themoviedb": ByThemoviedb,
    "httpx": ByHttpx,
    "tmdbapis": ByTmdbapis,
    "tmdbsimple": ByTmdbsimple,
    "ours at ZITADEL": OursAtZitadel,
    "zitadel-client": ByZitadelClient,
}

__all__ = ["CANDIDATES", "Candidate"]
