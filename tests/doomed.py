"""Python modules that tests run in processes of their own, which do not outlive them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager


@asynccontextmanager
async def running(
    module: str, *args: str, env: Mapping[str, str] | None = None
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run *module* with *args*, and *env* over this process's environment; read what it prints, and kill it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *args),
        env={**os.environ, **(env or {})},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
