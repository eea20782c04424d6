"""A visitor of an ASGI application, who keeps cookies and follows nothing; without a server between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


@attrs.frozen
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@attrs.define
class Visitor:
    """Somebody with a browser of their own."""

    app: Application
    state: dict[str, Any]
    cookies: dict[str, str] = attrs.field(factory=dict)

    async def get(self, url: str, *, method: str = "GET") -> Answered:
        """Ask for *url*, whatever its host."""
        parts = urlsplit(url)
        cookie = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", b"localhost:8000"), (b"cookie", cookie.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "state": dict(self.state),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, *rest = sent
        headers = [(name.decode().lower(), text.decode()) for name, text in start["headers"]]
        for name, text in headers:
            if name == "set-cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(text).items()})
        return Answered(start["status"], dict(headers), b"".join(part.get("body", b"") for part in rest))


@asynccontextmanager
async def served(app: Application) -> AsyncIterator[Visitor]:
    """Run the lifespan of *app* around the block, and let somebody visit it."""
    state: dict[str, Any] = {}
    events: asyncio.Queue[Message] = asyncio.Queue()
    answers: asyncio.Queue[Message] = asyncio.Queue()
    scope: Message = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
    living = asyncio.get_running_loop().create_task(_live(app, scope, events, answers))
    await events.put({"type": "lifespan.startup"})
    assert (await answers.get())["type"] == "lifespan.startup.complete"
    try:
        yield Visitor(app, state)
    finally:
        await events.put({"type": "lifespan.shutdown"})
        assert (await answers.get())["type"] == "lifespan.shutdown.complete"
        await living


async def _live(
    app: Application, scope: Message, events: asyncio.Queue[Message], answers: asyncio.Queue[Message]
) -> None:
    await app(scope, events.get, answers.put)
