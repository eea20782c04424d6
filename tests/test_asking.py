"""Asking: again where that is safe, and what may have been left behind where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from tmdb_auth_async import (
    Call,
    LoginRefused,
    NoAnswer,
    Refused,
    ServiceDown,
    SessionNotFound,
    TimedOut,
    Unreachable,
    Unreadable,
    tmdb,
)

from .asking_kit import (
    BROKEN,
    CREATING,
    GONE,
    HARMLESS,
    MADE,
    OFFLINE,
    PAGE,
    SECRET,
    SLOWER,
    YES,
    asked,
    managed,
    met,
    name,
)
from .scripted import Act, Cut, Scripted, Step, http

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.mark.parametrize(("call", "answer"), HARMLESS, ids=name)
@pytest.mark.parametrize(
    "failure", [SLOWER, OFFLINE, BROKEN, PAGE, Cut(b"HTTP/1.1 2")], ids=["429", "503", "500", "html", "cut"]
)
async def test_what_harms_nobody_is_asked_again(call: Call[Any], answer: bytes, failure: Step) -> None:
    """Two failures of any kind, then the answer: the caller sees the answer."""
    found, arrived = await asked(call, failure, failure, answer)
    assert type(found) is call.answer
    assert arrived == 3


@pytest.mark.parametrize(("call", "answer"), HARMLESS, ids=name)
async def test_what_harms_nobody_is_asked_again_on_a_new_connection(call: Call[Any], answer: bytes) -> None:
    """A connection that breaks off, whoever repeats it, ends in an answer."""
    found, _ = await asked(call, Act.RESET, Act.DROP, answer)
    assert type(found) is call.answer


@pytest.mark.parametrize(("call", "answer"), CREATING, ids=name)
@pytest.mark.parametrize("failure", [SLOWER, OFFLINE], ids=["429", "503"])
async def test_what_creates_is_asked_again_when_nothing_was_done(
    call: Call[Any], answer: bytes, failure: bytes
) -> None:
    """A 429 and a 503 say that nothing was made."""
    found, arrived = await asked(call, failure, failure, answer)
    assert type(found) is call.answer
    assert arrived == 3


@pytest.mark.parametrize(("call", "_"), CREATING, ids=name)
@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Act.RESET, Unreachable),
        (Act.DROP, Unreachable),
        (Cut(MADE[:-5]), Unreachable),
        (Act.HANG, TimedOut),
        (BROKEN, ServiceDown),
        (PAGE, ServiceDown),
        (http(b"<html>Hello</html>", content_type="text/html"), ServiceDown),
        (http({"success": True}), Unreadable),
        (http(b"garbage"), Unreadable),
        (http(b""), Unreadable),
        (http(b"[" * 100_000), Unreadable),
        (http(b"x" * 1_100_000), Unreadable),
    ],
    ids=["reset", "drop", "cut", "hang", "500", "502", "html", "no id", "garbage", "empty", "brackets", "flood"],
)
async def test_what_creates_is_asked_once_when_the_answer_is_lost(
    call: Call[Any], _: bytes, failure: Step, kind: type[NoAnswer]
) -> None:
    """A session may have been made whose name nobody knows: the error says so, and no second one is made."""
    error, arrived = await met(call, failure, timeout_s=0.1 if failure is Act.HANG else 5.0)
    assert type(error) is kind
    assert isinstance(error, NoAnswer)
    assert error.may_have_created
    assert arrived == 1


@pytest.mark.parametrize(("call", "_"), HARMLESS, ids=name)
@pytest.mark.parametrize("failure", [Act.RESET, BROKEN, http(b"garbage")], ids=["reset", "500", "garbage"])
async def test_what_creates_nothing_leaves_nothing(call: Call[Any], _: bytes, failure: Step) -> None:
    """Where no session can be made no error speaks of one."""
    error, _arrived = await met(call, failure, retries=0)
    assert isinstance(error, NoAnswer)
    assert not error.may_have_created


@pytest.mark.parametrize(("call", "_"), CREATING, ids=name)
async def test_what_never_got_there_made_nothing(call: Call[Any], _: bytes) -> None:
    """A connection that is refused, however often, and a service that is offline leave nothing behind."""
    async with Scripted() as server:
        pass
    async with managed(server) as manager:
        with pytest.raises(Unreachable) as caught:
            await manager.ask(call)
        assert manager.stats().retried == 3
    assert not caught.value.may_have_created
    error, arrived = await met(call, OFFLINE)
    assert isinstance(error, ServiceDown)
    assert not error.may_have_created
    assert arrived == 4


@pytest.mark.parametrize(("call", "_"), [*CREATING, *HARMLESS], ids=name)
async def test_a_refusal_is_asked_once(call: Call[Any], _: bytes) -> None:
    """A no stands: a wrong password is not tried again, under whatever HTTP status it comes."""
    for status in (401, 200, 500, 503, 429):
        refusal = http({"success": False, "status_code": 30, "status_message": "No."}, status=status)
        error, arrived = await met(call, refusal)
        assert type(error) is LoginRefused
        assert arrived == 1


@pytest.mark.parametrize("call", [tmdb.delete_session(SECRET), tmdb.delete_v4_access_token(SECRET)], ids=name)
@pytest.mark.parametrize("failure", [Cut(b"HTTP/1.1 2"), BROKEN, PAGE, OFFLINE], ids=["cut", "500", "html", "503"])
async def test_not_found_on_a_repeated_delete_is_success(call: Call[tmdb.Acknowledged], failure: Step) -> None:
    """The answer to the first delete was lost, the second finds nothing: it is done."""
    found, arrived = await asked(call, failure, GONE)
    assert found == tmdb.Acknowledged()
    assert arrived == 2


@pytest.mark.parametrize("call", [tmdb.delete_session(SECRET), tmdb.delete_v4_access_token(SECRET)], ids=name)
async def test_not_found_on_a_first_delete_is_told(call: Call[Any]) -> None:
    """What was never there was not deleted now."""
    error, arrived = await met(call, GONE)
    assert type(error) is SessionNotFound
    assert arrived == 1


async def test_not_found_on_a_repeated_delete_of_the_callers_is_success() -> None:
    """A rating whose delete got no answer, and that is gone at the second try, is deleted."""
    async with Scripted(BROKEN, GONE) as server, managed(server) as manager:
        assert await manager.delete("/3/movie/5/rating") == {}
        assert len(server.arrived) == 2
    async with Scripted(GONE) as server, managed(server) as manager:
        with pytest.raises(Refused):
            await manager.delete("/3/movie/5/rating")


async def test_not_found_on_a_repeated_read_is_told() -> None:
    """Only a delete is done when there is nothing."""
    async with Scripted(BROKEN, GONE) as server, managed(server) as manager:
        with pytest.raises(Refused) as caught:
            await manager.get("/3/movie/5")
    assert (caught.value.status, caught.value.code) == (404, 34)


@pytest.mark.parametrize("method", ["post", "put"])
async def test_what_the_caller_sends_is_repeated_when_nothing_was_done(method: str) -> None:
    """A POST or PUT of the caller's own is sent again after a 429 and a 503, and after nothing else."""
    async with Scripted(SLOWER, OFFLINE, YES) as server, managed(server) as manager:
        assert await getattr(manager, method)("/3/list/1", json={"a": 1}) == {"success": True}
        assert [arrived.json() for arrived in server.arrived] == [{"a": 1}] * 3
    for failure in (BROKEN, Act.RESET, Act.DROP, PAGE):
        async with Scripted(failure) as server, managed(server) as manager:
            with pytest.raises(NoAnswer) as caught:
                await getattr(manager, method)("/3/list/1", json={"a": 1})
            assert len(server.arrived) == 1
            assert not caught.value.may_have_created


async def test_without_retries_everything_is_asked_once() -> None:
    """`retries=0` means that the first failure is the caller's."""
    for failure in (BROKEN, SLOWER, OFFLINE):
        _, arrived = await met(tmdb.validate_key(), failure, retries=0)
        assert arrived == 1
