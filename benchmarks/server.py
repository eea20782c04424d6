"""The server's process: a fake TMDB that also says what it was asked and what CPU that took it."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tmdb_auth_async.testing import FakeTMDB

from .lines import private_stdout
from .target import PASSWORD, USERNAME, Target


async def serve(fake: FakeTMDB, write: Callable[[dict[str, Any]], None]) -> None:
    """Answer the questions of the parent while *fake* answers the candidates."""
    loop = asyncio.get_running_loop()
    fake.add_user(USERNAME, PASSWORD)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        question = json.loads(line)
        if question["what"] == "target":
            write(Target(fake.url, fake.read_access_token, fake.api_key).dump())
        elif question["what"] == "begin":
            fake.requests.clear()
            write({"cpu_s": time.process_time(), "wall_s": time.perf_counter()})
        else:
            write(_report(fake))


def _report(fake: FakeTMDB) -> dict[str, Any]:
    requests = Counter(f"{one.method} {one.path} {one.status}" for one in fake.requests)
    return {
        "cpu_s": time.process_time(),
        "wall_s": time.perf_counter(),
        "requests": dict(requests),
        "sessions": len(fake.sessions),
    }


async def main(latency_s: float) -> None:
    """Serve until the parent has nothing more to ask."""
    write = private_stdout()
    async with FakeTMDB(latency_s=latency_s) as fake:
        await serve(fake, write)


if __name__ == "__main__":
    import uvloop  # the leanest loop there is: the server must not be what is measured

    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0))
