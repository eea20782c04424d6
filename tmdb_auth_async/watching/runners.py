"""Whose asynchronous fixtures a test needs, and whether they would run in its event loop."""

from __future__ import annotations

import inspect
from typing import NoReturn

import pytest

_FIXTURES = "asyncio_default_fixture_loop_scope"
_TESTS = "asyncio_default_test_loop_scope"


def runner_of(request: pytest.FixtureRequest) -> str:
    """Return `asyncio` or `anyio`; fails where neither serves the test that makes this *request*."""
    if "anyio_backend" in request.fixturenames:
        backend = request.getfixturevalue("anyio_backend")
        if (backend if isinstance(backend, str) else backend[0]) != "asyncio":
            _fail(request, 'needs asyncio: let the fixture anyio_backend return "asyncio"')
        return "anyio"
    if _option(request, "asyncio_mode") is None:
        _fail(request, "needs pytest-asyncio: install it, or mark the test @pytest.mark.anyio")
    its, ours = _loop_of_test(request), _loop_of_fixtures(request)
    if its != ours and inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        _fail(
            request,
            f"is served in the event loop of the {ours}, and this test runs in that of the {its}, so it would wait for"
            f' ever: set {_FIXTURES} = {its}, or mark the test @pytest.mark.asyncio(loop_scope="{ours}")',
        )
    return "asyncio"


def _loop_of_test(request: pytest.FixtureRequest) -> str:
    mark = request.node.get_closest_marker("asyncio")
    asked: dict[str, str] = {} if mark is None else mark.kwargs
    return asked.get("loop_scope") or asked.get("scope") or _option(request, _TESTS) or "function"


def _loop_of_fixtures(request: pytest.FixtureRequest) -> str:
    scope = _option(request, _FIXTURES) or "function"
    return "function" if scope == "fixture-scope" else scope


def _option(request: pytest.FixtureRequest, name: str) -> str | None:
    """Return an option of pytest-asyncio, or `None` where that is not there, or too old to have it."""
    try:
        option: str | None = request.config.getini(name)
    except ValueError:
        return None
    return option


def _fail(request: pytest.FixtureRequest, why: str) -> NoReturn:
    pytest.fail(f"{request.fixturename} {why}", pytrace=False)
