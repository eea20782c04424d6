"""Running one example of the README, as its reader would, with the fake in TMDB's place."""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import os
import subprocess
import sys
import types
from collections.abc import Mapping
from pathlib import Path

from .readme_blocks import Block

# What pytest needs to be told in a stranger's project, for a coroutine function to be a test.
PYTEST_INI = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"


def is_test_file(block: Block) -> bool:
    """Say whether the block shows tests, for pytest to run."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        for node in _tree(block).body
    )


def imports_by_itself(block: Block) -> bool:
    """Say whether the block has imports of its own, and so must have all that it needs."""
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(_tree(block)))


def asked_for(block: Block) -> set[str]:
    """Name what the block uses and does not make."""
    nodes = list(ast.walk(_tree(block)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {node.id for node in names} - made


async def run(block: Block, names: Mapping[str, object], *, timeout_s: float = 20) -> dict[str, object]:
    """Run a block as a program of its own that may await anywhere, and return the names it ends with.

    One that never awaits runs in a thread, where it may call `asyncio.run`. Its tracebacks show the page's own lines.
    """
    code = _compile(block)
    namespace: dict[str, object] = {"__name__": "__main__", "__builtins__": builtins, **names}
    program = types.FunctionType(code, namespace)
    async with asyncio.timeout(timeout_s):
        if code.co_flags & inspect.CO_COROUTINE:
            await program()
        else:
            await asyncio.to_thread(program)
    return namespace


async def run_pytest(block: Block, folder: Path, *, timeout_s: float = 60) -> None:
    """Run a block of tests by pytest in a project of its own; raises `AssertionError` with what it printed."""
    folder.joinpath("pytest.ini").write_text(PYTEST_INI, encoding="utf-8")
    folder.joinpath("test_example.py").write_text(block.source, encoding="utf-8")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, f"{block.name}\n{done.stdout}{done.stderr}"


def _tree(block: Block) -> ast.Module:
    return ast.parse(block.source, block.name)


def _compile(block: Block) -> types.CodeType:
    source = "\n" * (block.line - 1) + block.source
    # Without the flag from this file's own __future__ import: the block says its own.
    code = compile(source, str(block.file), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, types.CodeType)
    return code
