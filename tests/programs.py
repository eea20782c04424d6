"""Programs that tests start in processes of their own, and kill."""

import asyncio
import os
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.doomed import running
from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager
from tmdb_auth_async.ports import SessionStore
from tmdb_auth_async.stores import RedisStore, SQLiteStore

LOGIN = RequestTokenLogin(Password("ada", "secret"))


def store_at(place: str) -> SessionStore:
    """Return the store that *place*, a path or a Redis URL, stands for."""
    return RedisStore(place, lease_s=2.0) if place.startswith("redis") else SQLiteStore(Path(place))


def started(program: str, *args: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Run a program of this file in a process of its own, and kill it in the end."""
    return running("tests.programs", program, *args)


async def _hold(manager: SessionManager, count: int) -> None:
    """Open *count* scopes, say so, and stay."""
    opened = 0

    async def scope() -> None:
        nonlocal opened
        async with manager.session(LOGIN):
            opened += 1
            if opened == count:
                print("open", flush=True)  # noqa: T201  # how this program speaks to its test
            await asyncio.Event().wait()

    await asyncio.gather(*(scope() for _ in range(count)))


async def _churn(manager: SessionManager, count: int) -> None:
    """Open and close scopes in *count* tasks for ever, telling each session as soon as it is had."""

    async def scopes() -> None:
        while True:
            async with manager.session(LOGIN) as session:
                os.write(1, f"{session.id}\n".encode())
                await session.get("/3/account")

    await asyncio.gather(*(scopes() for _ in range(count)))


async def _login(manager: SessionManager, count: int) -> None:
    """Log in under one name in *count* tasks, and print the session they share."""
    sessions = await asyncio.gather(*(manager.login(LOGIN) for _ in range(count)))
    await asyncio.gather(*(session.get("/3/account") for session in sessions))
    print(*{session.id for session in sessions}, flush=True)  # noqa: T201  # how this program speaks to its test


PROGRAMS = {"hold": _hold, "churn": _churn, "login": _login}


async def _main(program: str, url: str, token: str, place: str, count: str) -> None:
    async with SessionManager(BearerToken(token), service=TMDB.at(url), store=store_at(place)) as manager:
        await PROGRAMS[program](manager, int(count))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
