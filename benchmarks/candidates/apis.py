"""By tmdbapis: synchronous, in threads, each with its raw v3 client, which is its cheapest way in."""

import tmdbapis.api3  # type: ignore[import-untyped]  # it has no types

from ..target import PASSWORD, USERNAME, Target
from .threaded import Threaded


class ByTmdbapis(Threaded[str]):
    """Its `API3`, one a thread, sent to the fake."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        tmdbapis.api3.base_url = f"{target.url}/3"

    def log_in(self) -> str:
        api = self._api()
        token = api.authentication_create_request_token()["request_token"]
        api.authentication_create_session_with_login(USERNAME, PASSWORD, token)
        session_id: str = api.authentication_create_session(token)["session_id"]
        return session_id

    def account(self, session: str) -> None:
        self._api().account_get_details(session)

    def delete(self, session: str) -> None:
        self._api().authentication_delete_session(session)

    def _api(self) -> tmdbapis.api3.API3:
        if not hasattr(self._mine, "api"):
            self._mine.api = tmdbapis.api3.API3(self._target.api_key, validate=False)
        return self._mine.api
