"""By tmdbsimple: synchronous, in threads, each with the `requests.Session` that it can be given."""

from typing import Any

import requests
import tmdbsimple  # type: ignore[import-untyped]  # it has no types

from ..target import PASSWORD, USERNAME, Target
from .threaded import Threaded


class ByTmdbsimple(Threaded[str]):
    """Its own objects, sent to the fake; by itself it asks for `Connection: close`, so every request connects anew."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        tmdbsimple.API_KEY = target.api_key

    def log_in(self) -> str:
        authentication = self._mine_for(tmdbsimple.Authentication())
        token = authentication.token_new()["request_token"]
        authentication.token_validate_with_login(username=USERNAME, password=PASSWORD, request_token=token)
        session_id: str = authentication.session_new(request_token=token)["session_id"]
        return session_id

    def account(self, session: str) -> None:
        self._mine_for(tmdbsimple.Account(session)).info()

    def delete(self, session: str) -> None:
        self._mine_for(tmdbsimple.Authentication()).session_delete(session_id=session)

    def _mine_for(self, speaker: Any) -> Any:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
        speaker.session = self._mine.session
        speaker.base_uri = f"{self._target.url}/3"
        return speaker
