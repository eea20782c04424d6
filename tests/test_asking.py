"""Asking: signed, within its time, again where that is safe, and what may have been left behind."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, TypeVar

import attrs
import pytest

from tmdb_auth_async import (
    TMDB,
    ApiKey,
    AppCredential,
    Ask,
    AuthError,
    BearerToken,
    Call,
    LoginRefused,
    NoAnswer,
    RateLimited,
    Refused,
    ServiceDown,
    SessionManager,
    SessionNotFound,
    TimedOut,
    Unreachable,
    Unreadable,
    retrying,
    tmdb,
)
from tmdb_auth_async.ports import Fetched
from tmdb_auth_async.testing import FakeTMDB

from .scripted import Act, Cut, Scripted, Step, http
from .showing import shown

T = TypeVar("T")

TOKEN = "canary-token-1f"
KEY = "canary-key-2f"
SECRET = "canary-secret-3f"
DAY = "2030-01-02 03:04:05 UTC"
YES = http({"success": True})
FRESH = http({"success": True, "request_token": SECRET, "expires_at": DAY})
MADE = http({"success": True, "session_id": SECRET})
GUEST = http({"success": True, "guest_session_id": SECRET, "expires_at": DAY})
GONE = http({"success": False, "status_code": 34, "status_message": f"No {SECRET}."}, status=404)
SLOWER = http({"success": False, "status_code": 25}, status=429)
OFFLINE = http({"success": False, "status_code": 9}, status=503)
BROKEN = http({"success": False, "status_code": 11}, status=500)
PAGE = http(b"<html>Bad gateway</html>", status=502, content_type="text/html")

CREATING: list[tuple[Call[Any], bytes]] = [
    (tmdb.create_session(SECRET), MADE),
    (tmdb.create_session_from_v4(SECRET), MADE),
    (tmdb.create_guest_session(), GUEST),
    (
        tmdb.create_v4_access_token(SECRET),
        http({"success": True, "access_token": SECRET, "account_id": "4bc8892a017a3c0z92001001"}),
    ),
]
HARMLESS: list[tuple[Call[Any], bytes]] = [
    (tmdb.validate_key(), YES),
    (tmdb.create_request_token(), FRESH),
    (tmdb.create_v4_request_token(), http({"success": True, "request_token": SECRET})),
    (tmdb.validate_with_login(SECRET, "ada", SECRET), FRESH),
    (tmdb.delete_session(SECRET), YES),
    (tmdb.delete_v4_access_token(SECRET), YES),
]


def name(value: object) -> str | None:
    """Name a case by its path, or by how it fails."""
    if isinstance(value, Call):
        return f"{value.request.method} {value.request.path}"
    return value.name if isinstance(value, Act) else None


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait next to nothing between tries."""
    monkeypatch.setattr(retrying, "FIRST_WAIT_S", 0.002)


def managed(
    server: Scripted, *, timeout_s: float = 5.0, retries: int = 3, app: AppCredential | None = None
) -> SessionManager:
    """Return a manager of that server, which does not wait long for a close."""
    return SessionManager(
        app or BearerToken(TOKEN),
        service=TMDB.at(server.url),
        timeout_s=timeout_s,
        retries=retries,
        close_timeout_s=0.2,
    )


async def asked(call: Call[T], *script: Step) -> tuple[T, int]:
    """Put *call* to a server of that script; return the answer and how many requests arrived."""
    async with Scripted(*script) as server, managed(server) as manager:
        return await manager.ask(call), len(server.arrived)


async def met(call: Call[Any], *script: Step, timeout_s: float = 5.0, retries: int = 3) -> tuple[AuthError, int]:
    """Put *call*; return the error that is met and how many requests arrived."""
    async with Scripted(*script) as server, managed(server, timeout_s=timeout_s, retries=retries) as manager:
        with pytest.raises(AuthError) as caught:
            await manager.ask(call)
        assert SECRET not in shown(caught.value)
        assert TOKEN not in shown(caught.value)
        return caught.value, len(server.arrived)


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


async def test_a_hang_of_a_read_is_asked_again_within_the_time() -> None:
    """One answer that never comes does not eat the budget: half of it is left for the next try."""
    started = time.monotonic()
    async with Scripted(Act.HANG, YES) as server, managed(server, timeout_s=0.6) as manager:
        assert await manager.get("/3/account") == {"success": True}
        assert len(server.arrived) == 2
    assert 0.3 <= time.monotonic() - started < 0.6


@pytest.mark.parametrize("retries", [0, 1, 3, 10])
async def test_everything_ends_within_the_time(retries: int) -> None:
    """A service that hangs for ever costs `timeout_s`, whatever the number of tries."""
    for call in (tmdb.validate_key(), tmdb.delete_session(SECRET)):
        started = time.monotonic()
        error, arrived = await met(call, Act.HANG, timeout_s=0.3, retries=retries)
        assert time.monotonic() - started < 0.3 + 0.25
        assert type(error) is TimedOut
        assert 1 <= arrived <= retries + 1
        if retries:
            assert arrived >= 2


async def test_a_wait_that_is_too_long_is_not_begun() -> None:
    """Whoever asks for more patience than there is gets none: the caller hears at once."""
    limited = http({"success": False, "status_code": 25}, status=429, headers={"Retry-After": "60"})
    started = time.monotonic()
    error, arrived = await met(tmdb.validate_key(), limited)
    assert time.monotonic() - started < 1
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 60
    assert arrived == 1


async def test_without_retries_everything_is_asked_once() -> None:
    """`retries=0` means that the first failure is the caller's."""
    for failure in (BROKEN, SLOWER, OFFLINE):
        _, arrived = await met(tmdb.validate_key(), failure, retries=0)
        assert arrived == 1


async def test_time_spent_before_sending_leaves_nothing_behind() -> None:
    """A request that never got its turn was never sent: nothing can have been made."""
    async with Scripted(GUEST) as server:
        manager = SessionManager(
            BearerToken(TOKEN), service=TMDB.at(server.url), timeout_s=0.1, close_timeout_s=0.1, max_rate=0.1
        )
        async with manager:
            await manager.ask(tmdb.validate_key())
            with pytest.raises(TimedOut) as caught:
                await manager.ask(tmdb.validate_with_login(SECRET, "ada", SECRET))
            assert not caught.value.may_have_created
            assert len(server.arrived) == 1


async def test_a_cancel_passes_as_it_is() -> None:
    """Whoever is cancelled while asking sees a `CancelledError`, nothing else."""
    calls: list[Call[Any]] = [tmdb.validate_key(), tmdb.create_session(SECRET)]
    async with Scripted(Act.HANG) as server, managed(server) as manager:
        for call in calls:
            task = asyncio.create_task(manager.ask(call))
            while not server.arrived:
                await asyncio.sleep(0)
            task.cancel("enough")
            with pytest.raises(asyncio.CancelledError):
                await task
            assert task.cancelled()
            server.arrived.clear()


async def test_a_timeout_of_the_callers_own_works() -> None:
    """`asyncio.timeout` around an ask ends it as `TimeoutError`, and the task goes on."""
    calls: list[Call[Any]] = [tmdb.validate_key(), tmdb.create_session(SECRET)]
    async with Scripted(Act.HANG) as server, managed(server) as manager:
        for call in calls:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await manager.ask(call)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0


async def test_a_cancel_between_tries_passes_as_it_is() -> None:
    """A wait between two tries is left at once."""
    limited = http({"success": False, "status_code": 25}, status=429, headers={"Retry-After": "4"})
    async with Scripted(limited) as server, managed(server) as manager:
        task = asyncio.create_task(manager.ask(tmdb.validate_key()))
        while not server.arrived:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("status", [200, 401, 500])
@pytest.mark.parametrize(("app", "secret"), [(BearerToken(TOKEN), TOKEN), (ApiKey(KEY), KEY)], ids=["token", "key"])
async def test_the_credential_is_struck_from_what_is_quoted(status: int, app: AppCredential, secret: str) -> None:
    """A service that echoes what it was sent, under whatever status, shows it to nobody."""
    words = f"{secret} is not it; {SECRET} neither"
    echo = http({"success": False, "status_code": 47, "status_message": words}, status=status)
    async with Scripted(echo) as server, managed(server, app=app) as manager:
        with pytest.raises(Refused) as caught:
            await manager.ask(tmdb.delete_session(SECRET))
    assert "••• is not it; ••• neither" in caught.value.message
    assert secret not in shown(caught.value)
    assert SECRET not in shown(caught.value)


async def test_logs_name_methods_and_paths_only(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, with asyncio's own debug mode, nothing of what is sent or answered shows."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(enabled=True)
    script: list[Step] = [FRESH, FRESH, MADE, BROKEN, GONE, SLOWER, Act.RESET, YES]
    async with Scripted(*script) as server, managed(server) as manager:
        await manager.ask(tmdb.create_request_token())
        await manager.ask(tmdb.validate_with_login(SECRET, SECRET, SECRET))
        await manager.ask(tmdb.create_session(SECRET))
        await manager.ask(tmdb.delete_session(SECRET))
        await manager.get("/3/account", params={"session_id": SECRET})
        await manager.get("/3/guest_session/5509daa5f22f7e6365df8527fcb83ea6/rated/movies")
    text = "\n".join(record.getMessage() + str(record.args) + str(record.exc_info) for record in caplog.records)
    assert "GET /3/authentication/token/new answered 200" in text
    assert "GET /3/guest_session/…/rated/movies answered 200" in text
    for secret in (SECRET, TOKEN, "5509daa5"):
        assert secret not in text


@attrs.define
class Fetching:
    """A credential that is fetched: a wrong one first."""

    fetched: int = 0

    async def fetch(self, ask: Ask, url: str, /) -> Fetched:
        """Hand out the next one."""
        self.fetched += 1
        return Fetched(BearerToken(f"{TOKEN}-{self.fetched}"), 3600)


async def test_a_renewed_credential_makes_the_time_no_longer() -> None:
    """A refusal that came late leaves the second try what is left of the time."""
    app = Fetching()
    async with FakeTMDB() as fake:
        fake.fail("delay", delay_s=0.3)
        fake.fail("hang")
        manager = SessionManager(app, service=TMDB.at(fake.url), timeout_s=0.5, close_timeout_s=0.1, retries=0)
        async with manager:
            started = time.monotonic()
            with pytest.raises(TimedOut):
                await manager.post("/3/movie/5/rating", json={"value": 8})
            assert time.monotonic() - started < 0.75
        assert [request.status for request in fake.requests] == [401, None]
