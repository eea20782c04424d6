"""A program at ZITADEL that tests start in a process of its own, and kill."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AbstractAsyncContextManager

from tmdb_auth_async import BearerToken, SessionManager
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.zitadel import Zitadel, ZitadelLogin

from .doomed import running


def started(url: str, token: str, place: str, codes: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Run it, and kill it in the end; *codes* are what its users' function gives."""
    return running("tests.zitadel_program", url, place, codes, env={"ZITADEL_TOKEN": token})


async def _main(url: str, place: str, code: str) -> None:
    """Hold ten sessions made in one step, ten made in two and one half made, say so, and stay."""
    opened = 0
    half: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def never() -> str:
        entered()
        return await half

    def entered() -> None:
        nonlocal opened
        opened += 1
        if opened == 21:  # ten, ten and one
            sys.stdout.write("open\n")
            sys.stdout.flush()

    async def scope(login: ZitadelLogin) -> None:
        async with manager.session(login):
            entered()
            await asyncio.Event().wait()

    one_step = ZitadelLogin("ada", password="secret")
    two_steps = ZitadelLogin("ada", password="secret", totp=lambda: code)
    half_made = ZitadelLogin("ada", password="secret", totp=never)
    app = BearerToken(os.environ["ZITADEL_TOKEN"])
    async with SessionManager(app, service=Zitadel(url), store=SQLiteStore(place)) as manager:
        await asyncio.gather(*(scope(login) for login in [one_step, two_steps] * 10), scope(half_made))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
