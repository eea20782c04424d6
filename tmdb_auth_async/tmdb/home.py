"""TMDB itself: where it lives and how it is read."""

from __future__ import annotations

import attrs

from ..origin import checked_url
from ..service import Reader, Spare
from .answers import read_time
from .opening import create_request_token
from .status import complaint, is_dead


@attrs.frozen
class TMDBService:
    """The Movie Database: the API and the website where people approve."""

    reader = Reader(read_time=read_time, status_decides=False)
    """How TMDB writes values: snake_case names, times in UTC."""

    spare = Spare(create_request_token(), good_for_s=50 * 60)
    """An unused request token harms nobody, so some may be fetched ahead; they live for 60 minutes."""

    complaint = staticmethod(complaint)
    is_dead = staticmethod(is_dead)

    url: str = "https://api.themoviedb.org"
    website: str = "https://www.themoviedb.org"

    def at(self, url: str, /) -> TMDBService:
        """Return TMDB behind a proxy or a fake at *url*, API and website both.

        Raises `NotConfigured` for a URL without scheme or host, and for plain http to another machine.
        """
        base = checked_url(url)
        return TMDBService(base, base)


TMDB = TMDBService()
"""TMDB where it really lives."""
