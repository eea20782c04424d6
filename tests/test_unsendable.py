"""What cannot be sent is `NotConfigured` where it is asked: it says what to give instead, and not what was given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from tmdb_auth_async import TMDB, ApiKey, AppCredential, BearerToken, Call, NotConfigured, Request, SessionManager, tmdb
from tmdb_auth_async.values import JSON_ANSWER
from tmdb_auth_async.zitadel import create_session, terminate_session

from .scripted import Scripted

APP = BearerToken("user-token")


@attrs.frozen
class Odd:
    """Something that no request holds, and that must not be shown."""

    text: str = "canary"


@pytest.mark.parametrize(
    "json",
    [{"d": Odd()}, {"a": {1}}, Odd(), b"canary", {(1, 2): "canary"}, {"n": math.nan}],
    ids=["object", "set", "bare object", "bytes", "tuple as key", "nan"],
)
async def test_what_no_json_holds_is_not_sent(json: Any) -> None:
    """A manager and a session say so alike."""
    async with (
        Scripted() as server,
        SessionManager(APP, service=TMDB.at(server.url)) as manager,
        manager.session(APP) as session,
    ):
        for one in (manager, session):
            with pytest.raises(NotConfigured, match="sent") as caught:
                await one.post("/3/list", json=json)
            assert "canary" not in str(caught.value)
        assert not server.arrived


async def test_json_that_is_too_deep_is_not_sent() -> None:
    """What only a deeper stack could encode is `NotConfigured` too."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    async with Scripted() as server, SessionManager(APP, service=TMDB.at(server.url)) as manager:
        with pytest.raises(NotConfigured, match="too deep"):
            await manager.post("/3/list", json=deep)


@pytest.mark.parametrize(
    "params", [[("a", "canary")], (("a", "b"), ("c", "canary")), "a=canary", {"canary"}, Odd(), 5, b"canary"]
)
@pytest.mark.parametrize("path", ["/3/x", "/3/x?y=1"])
@pytest.mark.parametrize("app", [APP, ApiKey("0" * 32)], ids=["bearer", "key"])
async def test_params_are_a_mapping(app: AppCredential, path: str, params: Any) -> None:
    """Pairs, as aiohttp takes them beside, may name one thing twice; they ended in a bare error."""
    async with (
        Scripted() as server,
        SessionManager(app, service=TMDB.at(server.url)) as manager,
        manager.session(APP) as session,
    ):
        for one in (manager, session):
            with pytest.raises(NotConfigured, match="params must be a mapping") as caught:
                await one.get(path, params=params)
            assert "canary" not in str(caught.value)
            assert caught.value.__context__ is None
        assert not server.arrived


@pytest.mark.parametrize(("method", "path"), [("GET", None), ("GET", 5), ("GET", b"/3/x"), ("GET", []), (None, "/3/x")])
async def test_a_method_and_a_path_are_texts(method: Any, path: Any) -> None:
    """Whatever else is no request."""
    async with (
        Scripted() as server,
        SessionManager(APP, service=TMDB.at(server.url)) as manager,
        manager.session(APP) as session,
    ):
        for one in (manager, session):
            with pytest.raises(NotConfigured, match="its method and its path must be texts"):
                await one.request(method, path)
        assert not server.arrived


@pytest.mark.parametrize("max_bytes", ["1", None, -1, 1.5])
async def test_a_bound_is_a_number(max_bytes: Any) -> None:
    """It was found to be none once the answer was there, and what was asked was done."""
    async with Scripted() as server, SessionManager(APP, service=TMDB.at(server.url)) as manager:
        with pytest.raises(NotConfigured, match="max_bytes must be a whole number"):
            await manager.request("POST", "/3/x", json={}, max_bytes=max_bytes)
        assert not server.arrived


CALLS: dict[str, Callable[[Any], Call[Any]]] = {
    "created": tmdb.create_session,
    "repeated": tmdb.delete_session,
    "nested": lambda given: create_session(password=given),
    "in a path": lambda given: terminate_session([given]),  # type: ignore[arg-type]  # that is the point
    "by its params": lambda given: Call(Request("GET", "/x", params=given), JSON_ANSWER),
}


@pytest.mark.parametrize("given", [b"canary", Odd(), {"canary"}], ids=["bytes", "object", "set"])
@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_made_with_texts(name: str, given: object) -> None:
    """A manager and a session say so alike."""
    async with (
        Scripted() as server,
        SessionManager(APP, service=TMDB.at(server.url)) as manager,
        manager.session(APP) as session,
    ):
        for one in (manager, session):
            with pytest.raises(NotConfigured, match="this call is not sent") as caught:
                await one.ask(CALLS[name](given))
            assert "canary" not in str(caught.value)
            assert caught.value.__context__ is None
        assert not server.arrived


@pytest.mark.parametrize("call", [None, "canary", tmdb.delete_session, Request("GET", "/3/canary")])
async def test_only_a_call_is_asked(call: Any) -> None:
    """Not the function that makes one, nor a request."""
    async with Scripted() as server, SessionManager(APP, service=TMDB.at(server.url)) as manager:
        with pytest.raises(NotConfigured, match="ask takes a call") as caught:
            await manager.ask(call)
        assert "canary" not in str(caught.value)
        async with manager.session(APP) as session:
            with pytest.raises(NotConfigured, match="ask takes a call"):
                await session.ask(call)
        assert not server.arrived


async def test_an_error_of_anothers_own_stays_what_it_is() -> None:
    """What went wrong in a stranger's session, with nothing wrong in what was asked, is the stranger's."""

    @attrs.frozen
    class Broken:
        def sign(self, request: Request, /) -> Request:
            message = "own"
            raise TypeError(message)

        async def open(self, _: object, /) -> Broken:
            return self

        async def close(self, _: object, __: object, /) -> None:
            pass

    async with (
        Scripted() as server,
        SessionManager(APP, service=TMDB.at(server.url)) as manager,
        manager.session(Broken()) as session,
    ):
        with pytest.raises(TypeError, match="own"):
            await session.get("/3/x")
        with pytest.raises(TypeError, match="own"):
            await session.ask(tmdb.validate_key())
