"""The URLs that requests are sent to, remembered: to make one costs nearly a tenth of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from yarl import URL

from ..values import Request, Scalar, shown_path
from .target import SAFE_PATH, target

_MOST = 1024
"""How many are remembered: each session has some of its own, and yarl knows the last 128 alone."""

_PLAIN_PAIR = re.compile(r"[A-Za-z0-9_.~-]+=[A-Za-z0-9/_.~-]*").fullmatch
"""Whether one parameter may be sent as it is."""

_SAFE_TEMPLATE = SAFE_PATH + "{}"


class Urls:
    """The URLs of one service."""

    __slots__ = ("_bare", "_base", "_with_one")

    def __init__(self, base: str) -> None:
        """Put *base*, which is checked, before every path."""

        @lru_cache(_MOST)
        def bare(path: str) -> URL:
            return URL(base + target(path), encoded=True)

        @lru_cache(_MOST)
        def with_one(path: str, name: str, text: str) -> URL:
            pair = f"{name}={text}"
            if _PLAIN_PAIR(pair):
                return bare(path).with_query(pair)  # a third of what it costs to parse it all
            return URL(base + target(path, None, {name: text}), encoded=True)

        self._base = base
        self._bare = bare
        self._with_one = with_one

    def of(self, request: Request, params: Mapping[str, Scalar]) -> URL:
        """Return where *request* goes with *params* as its query; raises `ValueError` for what cannot be sent."""
        if not request.fills:
            if not params:
                return self._bare(request.path)
            if len(params) == 1:
                ((name, scalar),) = params.items()
                if type(scalar) is str and name:  # a session's id, most often
                    return self._with_one(request.path, name, scalar)
        return URL(self._base + target(request.path, request.fills, params), encoded=True)

    def template(self, path: str) -> URL:
        """Return what may be shown of where *path* goes."""
        return URL(self._base + quote(shown_path(path), safe=_SAFE_TEMPLATE), encoded=True)
