"""The server's process: a fake service that also says what it was asked, and what CPU that took."""

from __future__ import annotations

import asyncio
import gc
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import attrs
import trustme
import uvloop

from tmdb_auth_async.testing import FakeTMDB, FakeZitadel

from .child import questions
from .front import HOST, open_front
from .relay import Relay
from .setting import prepare
from .target import PASSWORD, USERNAME, Target


@asynccontextmanager
async def zitadel() -> AsyncIterator[tuple[FakeZitadel, Target]]:
    """Serve a ZITADEL that knows the one user."""
    async with FakeZitadel() as fake:
        fake.add_user(USERNAME, PASSWORD)
        yield fake, Target(fake.url, fake.token).at(await open_front(fake))


@asynccontextmanager
async def tmdb(*, tls: bool) -> AsyncIterator[tuple[FakeTMDB, Target]]:
    """Serve a TMDB that knows the one user."""
    with tempfile.TemporaryDirectory() as folder:
        authority, context = trustme.CA() if tls else None, None
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(HOST).configure_cert(context)
            authority.cert_pem.write_to_path(Path(folder) / "authority.pem")
        async with FakeTMDB(ssl_context=context) as fake:
            fake.add_user(USERNAME, PASSWORD)
            pem = str(Path(folder) / "authority.pem") if tls else None
            target = Target(fake.url, fake.read_access_token, fake.api_key, pem)
            yield fake, target.at(await open_front(fake, context))


@attrs.frozen(kw_only=True)
class Report:
    """What the server has done since its log was cleared; `connections` are those over relays, from the beginning."""

    cpu_s: float
    requests: Counter[str]
    sessions: int
    connections: int


async def _serve(pipe: Connection, service: str) -> None:
    loop = asyncio.get_running_loop()
    relays: list[Relay] = []
    asked = questions(pipe)
    async with zitadel() if service == "zitadel" else tmdb(tls=service == "tls") as (fake, target):
        while question := await loop.run_in_executor(None, next, asked, None):
            if question["what"] == "target":
                pipe.send(target)
            elif question["what"] == "far target":
                relays.append(Relay(int(target.url.rpartition(":")[2]), round_trip_s=question["round_trip_s"]))
                pipe.send(target.at(await relays[-1].start()))
            elif question["what"] == "count":
                pipe.send(len(fake.requests))
            else:
                if question["what"] == "begin":
                    fake.requests.clear()
                    gc.collect()
                pipe.send(_report(fake, relays))


def _report(fake: FakeTMDB | FakeZitadel, relays: list[Relay]) -> Report:
    return Report(
        cpu_s=time.process_time(),
        requests=Counter(f"{one.method} {one.path} {one.status}" for one in fake.requests),
        sessions=len(fake.sessions),
        connections=sum(relay.accepted for relay in relays),
    )


def serve(pipe: Connection, service: str) -> None:
    """Serve "tmdb", "tls" (the same by https) or "zitadel" until the parent has nothing more to ask.

    It asks for the `target`, for a `far target`, to `begin` counting anew, for the `count` of requests so far,
    and for a `report`.
    """
    prepare()
    # The server must not be what is measured: the leanest loop, and its garbage is collected between the runs.
    gc.disable()
    uvloop.run(_serve(pipe, service))
