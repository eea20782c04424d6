"""The fakes that the command `fake` serves, what a program must know of them, and what arrives there."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from ..testing import FakeTMDB, FakeZitadel
from .screen import Screen, sentence

_USER, _PASSWORD = "ada", "secret"
_LOOK_EVERY_S = 0.2


class NoPort(Exception):
    """The port is not to be had, for the reason that the system gives."""


async def serve(screen: Screen, *, port: int, zitadel: bool) -> None:
    """Serve until a cancel comes; raises `NoPort`, and `OSError` for whatever else the system refuses."""
    async with AsyncExitStack() as stack:
        fakes: list[FakeTMDB | FakeZitadel] = [await _listening(stack, port)]
        if zitadel:
            fakes.append(await stack.enter_async_context(FakeZitadel()))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tmdb-auth-fake-"))
        variables = {"TMDB_AUTH_STORE": str(Path(folder) / "sessions.db")}
        for one in fakes:
            one.add_user(_USER, _PASSWORD)
            variables |= _variables(one)
        exports = [sentence(f"export {name}={shlex.quote(text)}") for name, text in variables.items()]
        screen.answer(variables, *exports)
        await asyncio.sleep(0)  # where those cannot be written it ends here
        screen.note(f"Serving at {fakes[0].url}: give these lines to another terminal. Ctrl-C ends it.")
        await _show_requests(screen, fakes)


async def _listening(stack: AsyncExitStack, port: int) -> FakeTMDB:
    """Return a TMDB at *port* until *stack* ends."""
    try:
        return await stack.enter_async_context(FakeTMDB(port=port))
    except OSError as error:
        trouble = os.strerror(error.errno or 0)
    raise NoPort(trouble)


def _variables(fake: FakeTMDB | FakeZitadel) -> dict[str, str]:
    """Return what a program must know to use *fake*."""
    if isinstance(fake, FakeZitadel):
        return {"ZITADEL_URL": fake.url, "ZITADEL_TOKEN": fake.token}
    return {
        "TMDB_URL": fake.url,
        "TMDB_READ_ACCESS_TOKEN": fake.read_access_token,
        "TMDB_API_KEY": fake.api_key,
        "TMDB_USERNAME": _USER,
        "TMDB_PASSWORD": _PASSWORD,
    }


async def _show_requests(screen: Screen, fakes: list[FakeTMDB | FakeZitadel]) -> None:
    """Show what arrives, on a terminal, until a cancel comes."""
    while True:
        for fake in fakes:
            for request in fake.requests if screen.is_live else ():
                screen.note((f"{request.status or '...'} ", "dim"), f"{request.method} {request.path}")
            fake.requests.clear()
        await asyncio.sleep(_LOOK_EVERY_S)
