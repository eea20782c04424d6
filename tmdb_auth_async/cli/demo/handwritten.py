"""A visit to TMDB written by hand over plain aiohttp, with the care that a good program takes."""

from __future__ import annotations

import asyncio

import aiohttp


class HandWritten:
    """Logs in, looks at the account and logs out, in `try` and `finally`.

    Its delete is shielded from the cancel and waited for at the end, which is more than
    most programs do. What it cannot help: a cancel while TMDB's answer is on its way.
    """

    def __init__(self, client: aiohttp.ClientSession, *, username: str, password: str) -> None:
        """Visit by *client*, which knows the URL and the read access token."""
        self._client = client
        self._username = username
        self._password = password
        self._deletes: set[asyncio.Task[None]] = set()

    async def visit(self) -> None:
        """Log in, look at the account twice, log out."""
        session_id = None
        try:
            session_id = await self._log_in()
            await self._get("/3/account", session_id=session_id)
            await self._get("/3/account", session_id=session_id)
        finally:
            if session_id is not None:
                await asyncio.shield(self._deleting(session_id))

    async def aclose(self) -> None:
        """Wait for the deletes that go on although their visit was cancelled."""
        while self._deletes:
            await asyncio.wait(self._deletes)

    async def _log_in(self) -> str:
        token = (await self._get("/3/authentication/token/new"))["request_token"]
        login = {"username": self._username, "password": self._password, "request_token": token}
        await self._post("/3/authentication/token/validate_with_login", login)
        made = await self._post("/3/authentication/session/new", {"request_token": token})
        return made["session_id"]

    def _deleting(self, session_id: str) -> asyncio.Task[None]:
        task = asyncio.create_task(self._delete(session_id))
        self._deletes.add(task)
        task.add_done_callback(self._deletes.discard)
        return task

    async def _delete(self, session_id: str) -> None:
        async with self._client.delete("/3/authentication/session", json={"session_id": session_id}) as answer:
            answer.raise_for_status()

    async def _get(self, path: str, **params: str) -> dict[str, str]:
        async with self._client.get(path, params=params) as answer:
            answer.raise_for_status()
            body: dict[str, str] = await answer.json()
            return body

    async def _post(self, path: str, fields: dict[str, str]) -> dict[str, str]:
        async with self._client.post(path, json=fields) as answer:
            answer.raise_for_status()
            body: dict[str, str] = await answer.json()
            return body
