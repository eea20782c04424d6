"""Written by hand on httpx: one `AsyncClient`, `try`/`finally`."""

from typing import Any

import httpx

from ..target import PASSWORD, USERNAME, Target
from .protocol import USES

_PATIENT_S = 60.0  # its default of 5 s for a free connection does not survive 512 callers


class ByHttpx:
    """Its defaults, but for the patience."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client: httpx.AsyncClient
        self._kept = ""

    async def start(self) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{self._target.url}/3",
            headers={"Authorization": f"Bearer {self._target.token}"},
            timeout=_PATIENT_S,
        )
        self._kept = await self._login()

    async def cycle(self) -> None:
        session_id = await self._login()
        try:
            for _ in range(USES):
                await self._send("GET", "/account", params={"session_id": session_id})
        finally:
            await self._send("DELETE", "/authentication/session", json={"session_id": session_id})

    async def get(self) -> None:
        await self._send("GET", "/account", params={"session_id": self._kept})

    async def stop(self) -> None:
        await self._send("DELETE", "/authentication/session", json={"session_id": self._kept})
        await self._client.aclose()

    async def _login(self) -> str:
        token = (await self._send("GET", "/authentication/token/new"))["request_token"]
        words = {"username": USERNAME, "password": PASSWORD, "request_token": token}
        await self._send("POST", "/authentication/token/validate_with_login", json=words)
        session_id: str = (await self._send("POST", "/authentication/session/new", json={"request_token": token}))[
            "session_id"
        ]
        return session_id

    async def _send(
        self, method: str, path: str, *, params: dict[str, str] | None = None, json: dict[str, str] | None = None
    ) -> dict[str, Any]:
        response = await self._client.request(method, path, params=params, json=json)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer
