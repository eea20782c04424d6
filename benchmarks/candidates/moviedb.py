"""By themoviedb, the best known of the asynchronous clients; it has no account endpoint, but a door for any request."""

from themoviedb.aiotmdb import aioTMDb

from ..target import PASSWORD, USERNAME, Target
from .protocol import USES


class ByThemoviedb:
    """One client for everything, opened once."""

    def __init__(self, target: Target) -> None:
        self._client = aioTMDb(api_key=target.api_key, language="en-US", region="US")
        self._client._config.host = target.url  # noqa: SLF001  # it has no public way to another host
        self._kept = ""

    async def start(self) -> None:
        await self._client.__aenter__()
        self._kept = await self._login()

    async def cycle(self) -> None:
        session_id = await self._login()
        try:
            for _ in range(USES):
                await self._client.request("account", session_id=session_id)
        finally:
            await self._client.authentication().delete_session(session_id)

    async def get(self) -> None:
        await self._client.request("account", session_id=self._kept)

    async def stop(self) -> None:
        await self._client.authentication().delete_session(self._kept)
        await self._client.aclose()

    async def _login(self) -> str:
        authentication = self._client.authentication()
        token = (await authentication.create_token()).request_token or ""
        await authentication.create_session_with_login(USERNAME, PASSWORD, token)
        return (await authentication.create_session(token)).session_id or ""
