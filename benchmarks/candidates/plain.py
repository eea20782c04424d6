"""Written by hand on plain aiohttp: one `ClientSession`, default settings, `try`/`finally`."""

from typing import Any

import aiohttp

from ..target import PASSWORD, USERNAME, Target
from .protocol import USES


class Plain:
    """What a careful programmer writes after reading TMDB's and aiohttp's documentation."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client: aiohttp.ClientSession
        self._kept = ""

    def make(self) -> aiohttp.ClientSession:
        """Make the client."""
        return aiohttp.ClientSession(self._target.url, headers={"Authorization": f"Bearer {self._target.token}"})

    async def start(self) -> None:
        self._client = self.make()
        self._kept = await self._login()

    async def cycle(self) -> None:
        session_id = await self._login()
        try:
            for _ in range(USES):
                await self._account(session_id)
        finally:
            await self._delete(session_id)

    async def get(self) -> None:
        await self._account(self._kept)

    async def stop(self) -> None:
        await self._delete(self._kept)
        await self._client.close()

    async def _login(self) -> str:
        async with self._client.get("/3/authentication/token/new") as response:
            response.raise_for_status()
            token = (await response.json())["request_token"]
        async with self._client.post(
            "/3/authentication/token/validate_with_login",
            json={"username": USERNAME, "password": PASSWORD, "request_token": token},
        ) as response:
            response.raise_for_status()
            await response.json()
        async with self._client.post("/3/authentication/session/new", json={"request_token": token}) as response:
            response.raise_for_status()
            session_id: str = (await response.json())["session_id"]
            return session_id

    async def _account(self, session_id: str) -> dict[str, Any]:
        async with self._client.get("/3/account", params={"session_id": session_id}) as response:
            response.raise_for_status()
            account: dict[str, Any] = await response.json()
            return account

    async def _delete(self, session_id: str) -> None:
        async with self._client.delete("/3/authentication/session", json={"session_id": session_id}) as response:
            response.raise_for_status()
            await response.json()


class Knobs(Plain):
    """The same code on a client that is tuned by its settings alone: no cookies, no timeout, no decompression."""

    def make(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            self._target.url,
            headers={"Authorization": f"Bearer {self._target.token}"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
        )
