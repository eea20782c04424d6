"""The HTTP verbs that a manager and a session share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any

from .values import JSON, MAX_BYTES, Scalar


class Verbs(ABC):
    """`get`, `post`, `put` and `delete` in terms of `request`.

    `params` goes into the query (a `None` in it is left out), `json` into the body; the
    answer is the decoded JSON. Each returns the coroutine of `request`, with no other
    around it: it must be awaited. All raise `Refused`, `NoAnswer` or `NotAttempted`.
    """

    __slots__ = ()

    @abstractmethod
    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Scalar] | None = None,
        json: JSON = None,
        max_bytes: int = MAX_BYTES,
    ) -> JSON:
        """Send a request to *path* below the service's URL and return the decoded JSON of its answer.

        An answer that has no body by its nature, to a HEAD or with status 204, is `None`;
        one longer than *max_bytes* bytes is `Unreadable`.
        """

    def get(self, path: str, *, params: Mapping[str, Scalar] | None = None) -> Coroutine[Any, Any, JSON]:
        """Send a GET, which is repeated when it got no answer."""
        return self.request("GET", path, params=params)

    def post(
        self, path: str, *, params: Mapping[str, Scalar] | None = None, json: JSON = None
    ) -> Coroutine[Any, Any, JSON]:
        """Send a POST, which is repeated only when the service says that nothing was done (429, 503)."""
        return self.request("POST", path, params=params, json=json)

    def put(
        self, path: str, *, params: Mapping[str, Scalar] | None = None, json: JSON = None
    ) -> Coroutine[Any, Any, JSON]:
        """Send a PUT, which is repeated only when the service says that nothing was done (429, 503)."""
        return self.request("PUT", path, params=params, json=json)

    def delete(
        self, path: str, *, params: Mapping[str, Scalar] | None = None, json: JSON = None
    ) -> Coroutine[Any, Any, JSON]:
        """Send a DELETE, which is repeated when it got no answer."""
        return self.request("DELETE", path, params=params, json=json)
