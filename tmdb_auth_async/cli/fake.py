"""The command `fake`: a TMDB on this machine, for programs in any language."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import click

from ..testing import FakeTMDB, FakeZitadel
from .options import json_option
from .screen import Screen, sentence
from .settings import Settings
from .teaching import TaughtCommand

_USER, _PASSWORD = "ada", "secret"
_LOOK_EVERY_S = 0.2


@click.command(cls=TaughtCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen there on 127.0.0.1, not just anywhere.")
@click.option("--zitadel", is_flag=True, help="Serve a ZITADEL beside it.")
@json_option
@click.pass_obj
def fake(settings: Settings, *, port: int, zitadel: bool) -> None:
    """Serve a stand-in for TMDB on this machine until Ctrl-C.

    What a program must know is printed as shell variables: the URL, an app's credentials, a user's name and password,
    and a file for sessions that goes when the fake goes. A terminal shows every request that arrives.
    """
    screen = settings.screen()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(screen, port=port, zitadel=zitadel))
    screen.note("The fake is gone, with all it knew.")


async def _serve(screen: Screen, *, port: int, zitadel: bool) -> None:
    async with AsyncExitStack() as stack:
        fakes: list[FakeTMDB | FakeZitadel] = [await stack.enter_async_context(FakeTMDB(port=port))]
        if zitadel:
            fakes.append(await stack.enter_async_context(FakeZitadel()))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tmdb-auth-fake-"))
        variables = {"TMDB_AUTH_STORE": str(Path(folder) / "sessions.db")}
        for one in fakes:
            one.add_user(_USER, _PASSWORD)
            variables |= _variables(one)
        exports = [sentence(f"export {name}={shlex.quote(text)}") for name, text in variables.items()]
        screen.answer(variables, *exports)
        screen.out.file.flush()
        screen.note(f"Serving at {fakes[0].url}: give these lines to another terminal. Ctrl-C ends it.")
        await _show_requests(screen, fakes)


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
    """Show what arrives, on a terminal, until a SIGTERM comes."""
    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no SIGTERM to wait for
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    while not ended.is_set():
        for fake in fakes:
            for request in fake.requests if screen.is_live else ():
                screen.note((f"{request.status or '...'} ", "dim"), f"{request.method} {request.path}")
            fake.requests.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _LOOK_EVERY_S)
