"""What an example of the README finds around it: the fakes in the services' places, and a user called ada."""

from __future__ import annotations

import asyncio
import functools
import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import tmdb_auth_async
from tmdb_auth_async import TMDB, BearerToken, Password, RequestTokenLogin, SessionManager
from tmdb_auth_async.testing import FakeTMDB

from .readme_blocks import Block
from .readme_club import open_club
from .readme_reader import READER
from .readme_runner import asked_for, imports_by_itself


@asynccontextmanager
async def stage(block: Block, patch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[dict[str, object]]:
    """Give the names that *block* may use without making them, while the package's own names lead to the fakes.

    For every block: ``fake``, ``read_access_token``, ``api_key``, the variables that `from_env` reads, a `print` and a
    browser whose reader approves, and *folder* as the working directory. For one that uses and does not make them:
    ``manager`` and ``ada``, an open session. For one that imports nothing: the package's public names.
    For one about ZITADEL: ``personal_access_token``, and a `Zitadel` that is the fake whatever its URL.
    For one that uses it: ``club_url``, where a film club is that must be empty in the end.
    """
    asked = asked_for(block)
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeTMDB())
        fake.add_user("ada", "secret")
        manager_class = _move_tmdb(patch, fake.url)
        patch.setenv("TMDB_READ_ACCESS_TOKEN", fake.read_access_token)
        patch.setenv("TMDB_API_KEY", fake.api_key)
        for name, value in (("TMDB_URL", fake.url), ("TMDB_USERNAME", "ada"), ("TMDB_PASSWORD", "secret")):
            patch.setenv(name, value)  # as `tmdb-auth fake` says
        patch.chdir(folder)
        READER.site = fake.url
        stack.push_async_callback(asyncio.to_thread, READER.leave)
        names: dict[str, object] = {} if imports_by_itself(block) else _public_names()
        names |= {"fake": fake, "read_access_token": fake.read_access_token, "api_key": fake.api_key}
        names["print"] = READER.print
        if "zitadel" in block.source.lower():
            names["personal_access_token"] = await _move_zitadel(patch, stack)
        if "club_url" in asked:
            names["club_url"] = (await stack.enter_async_context(open_club())).url
        if asked & {"manager", "ada"}:
            manager = await stack.enter_async_context(manager_class(BearerToken(fake.read_access_token)))
            names["manager"] = manager
            if "ada" in asked:
                login = RequestTokenLogin(Password("ada", "secret"))
                names["ada"] = await stack.enter_async_context(manager.session(login))
        yield names


def _public_names() -> dict[str, object]:
    return {name: getattr(tmdb_auth_async, name) for name in tmdb_auth_async.__all__}


def _move_tmdb(patch: pytest.MonkeyPatch, url: str) -> type[SessionManager]:
    """Let `TMDB`, and the manager that takes it when nothing is said, mean the fake; return that manager's class."""
    service = TMDB.at(url)
    # A class, not a function that makes one: annotations and isinstance in an example go on working.
    init = functools.partialmethod(SessionManager.__init__, service=service)
    manager_class = type("SessionManager", (SessionManager,), {"__init__": init})
    patch.setattr(tmdb_auth_async, "TMDB", service)
    patch.setattr(tmdb_auth_async, "SessionManager", manager_class)
    return manager_class


async def _move_zitadel(patch: pytest.MonkeyPatch, stack: AsyncExitStack) -> str:
    """Let `Zitadel` at any URL mean a fake that knows ada, and return the token of a caller it accepts.

    A service account's key file lies in the working directory.
    """
    # Any: loaded only for the examples about it, by name.
    package: Any = importlib.import_module("tmdb_auth_async.zitadel")
    testing: Any = importlib.import_module("tmdb_auth_async.testing")
    fake = await stack.enter_async_context(testing.FakeZitadel())
    fake.add_user("ada", "secret")
    fake.add_machine().write_key_file("service-account.json")
    real = package.Zitadel
    patch.setattr(package, "Zitadel", lambda _url: real(fake.url))
    return str(fake.token)
