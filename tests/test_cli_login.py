"""Logging in by the command line: each way to approve, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tmdb_auth_async.records import to_text
from tmdb_auth_async.stores import SQLiteStore
from tmdb_auth_async.testing import FakeTMDB
from tmdb_auth_async.tmdb import GuestSession

from .cli_stage import Ended, Environment, knowing, run

EXCHANGE = "/3/authentication/session/new"
EXCHANGE_V4 = "/4/auth/access_token"


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account, and nothing of any user."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path)


@pytest.fixture
def ada(env: Environment) -> Environment:
    """Know ada's name and password too."""
    return env | {"TMDB_USERNAME": "ada", "TMDB_PASSWORD": "secret"}


async def answered(fake: FakeTMDB, *words: str, env: Environment, approve: bool, at: str = EXCHANGE) -> Ended:
    """Run a login whose human answers before the first time that it asks."""
    with fake.hold(at) as gate:
        running = asyncio.create_task(run(*words, env=env))
        await gate.reached()
        for request_token in fake.request_tokens:
            if approve:
                fake.approve(request_token)
            else:
                fake.deny(request_token)
    return await running


async def test_a_password_logs_in_and_the_session_is_kept(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """After the command is over the session lives, and the next command uses it."""
    login = await run("login", "--password", env=ada)
    whoami = await run("whoami", env=ada)
    assert (login.status, login.out) == (0, "Logged in as ada, kept as default\n")
    assert (whoami.status, whoami.out) == (0, "ada, account 548, kept as default\n")
    assert len(fake_tmdb.sessions) == 1


async def test_who_is_logged_in_is_not_logged_in_again(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """A second login finds the session alive and opens none."""
    await run("login", "--password", env=ada)
    again = await run("login", "--link", "--json", env=ada)
    assert again.data == {"name": "default", "username": "ada", "id": 548, "opened": False}
    assert len(fake_tmdb.sessions) == 1


async def test_a_session_that_tmdb_has_ended_is_replaced(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """A login whose kept session is dead forgets it and opens another."""
    await run("login", "--password", env=ada)
    (dead,) = fake_tmdb.sessions
    fake_tmdb.revoke(dead)
    again = await run("login", "--password", "--json", env=ada)
    assert again.data["opened"] is True
    assert len(fake_tmdb.sessions - {dead}) == 1


async def test_a_link_is_shown_and_waited_for(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The link goes to the standard error, the answer to the standard output."""
    login = await answered(fake_tmdb, "login", "--link", env=env, approve=True)
    assert (login.status, login.out) == (0, "Logged in as ada, kept as default\n")
    first, link, *rest = login.err.splitlines()
    assert first == "Open this page, on any device, and approve, within 60 minutes:"
    assert link.startswith(f"{fake_tmdb.url}/authenticate/")
    assert not rest


async def test_a_denied_link_is_a_refusal(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The human's no is exit status 1 and one line."""
    login = await answered(fake_tmdb, "login", "--link", env=env, approve=False)
    assert (login.status, login.out) == (1, "")
    assert login.err.splitlines()[-1].startswith("tmdb-auth: the user said no")
    assert not fake_tmdb.sessions


async def test_without_a_browser_a_link_is_shown(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """On a machine without a screen, nothing has to be chosen."""
    login = await answered(fake_tmdb, "login", env=env, approve=True)
    assert login.status == 0
    assert "on any device" in login.err


async def test_a_v4_login_serves_both_versions(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """A session and an access token are kept together, and go together."""
    login = await answered(fake_tmdb, "login", "--v4", "--link", env=env, approve=True, at=EXCHANGE_V4)
    assert login.status == 0
    assert (len(fake_tmdb.sessions), len(fake_tmdb.access_tokens)) == (1, 1)
    assert "default   user, v3 and v4   at logout" in (await run("sessions", env=env)).out
    await run("logout", env=env)
    assert not fake_tmdb.sessions | fake_tmdb.access_tokens


async def test_names_are_kept_apart(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """Two names are two sessions."""
    await run("login", "--password", env=ada)
    await run("login", "--password", "--name", "bot", env=ada)
    assert len(fake_tmdb.sessions) == 2


async def test_a_guest_is_kept_until_it_expires(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """A second call finds the guest session there; logout says that TMDB deletes none."""
    first = await run("guest", "--json", env=env)
    second = await run("guest", "--json", env=env)
    assert first.data == second.data
    assert (first.data["name"], first.data["kind"]) == ("guest", "guest")
    assert len(fake_tmdb.guest_sessions) == 1
    assert (await run("whoami", "--name", "guest", env=env)).out.startswith("A guest, until ")
    logout = await run("logout", "--name", "guest", env=env)
    assert logout.out == "Logged out: guest is forgotten, and TMDB lets it expire\n"


async def test_an_expired_guest_makes_way(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """The list says that it is over, and its name is free for a user."""
    expired = GuestSession("0" * 32, datetime.now(UTC) - timedelta(hours=1))
    store = SQLiteStore(ada["TMDB_AUTH_STORE"])
    await store.save(f"default @ {fake_tmdb.url}", to_text(expired))
    await store.aclose()
    assert (await run("sessions", "--json", env=ada)).data["sessions"][0]["kind"] == "expired"
    assert (await run("whoami", env=ada)).status == 2
    assert (await run("login", "--password", env=ada)).status == 0
    assert (await run("whoami", env=ada)).out == "ada, account 548, kept as default\n"


async def test_a_user_does_not_take_a_guests_name(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """A login under a guest's name is refused before anybody is asked: TMDB gives no guest session back."""
    await run("guest", env=ada)
    login = await run("login", "--password", "--name", "guest", env=ada)
    assert (login.status, login.out) == (2, "")
    assert "choose another --name" in login.err
    assert "guest" in (await run("sessions", env=ada)).out
    assert (len(fake_tmdb.guest_sessions), len(fake_tmdb.sessions)) == (1, 0)


async def test_a_guest_does_not_take_a_users_name(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """The user's session stays as it is."""
    await run("login", "--password", env=ada)
    guest = await run("guest", "--name", "default", env=ada)
    assert (guest.status, guest.out) == (2, "")
    assert "choose another --name" in guest.err
    assert not fake_tmdb.guest_sessions


async def test_a_wrong_password_is_a_refusal(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """It is exit status 1, one line that says what to do, and nothing secret in it."""
    login = await run("login", "--password", "--json", env=ada | {"TMDB_PASSWORD": "wr0ng"})
    assert login.status == 1
    assert len(login.err.splitlines()) == 1
    assert "check the username and password" in login.err
    assert "wr0ng" not in login.out + login.err
    assert {"kind": "LoginRefused", "status": 401, "code": 30}.items() <= login.data["error"].items()


async def test_a_lost_answer_is_no_answer(fake_tmdb: FakeTMDB, ada: Environment) -> None:
    """It is exit status 3, and says that a session may have been left behind."""
    fake_tmdb.fail("lost answer", path=EXCHANGE)
    login = await run("login", "--password", env=ada)
    assert login.status == 3
    assert "it may have created a session" in login.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--link", "--browser"), "choose one"),
        (("--password", "--v4"), "--v4 takes no password"),
    ],
)
async def test_what_cannot_be_meant_is_wrong_usage(env: Environment, words: tuple[str, ...], said: str) -> None:
    """Contradictions are refused before anything is asked."""
    login = await run("login", *words, env=env)
    assert login.status == 2
    assert said in login.err


async def test_v4_takes_no_api_key(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """With nothing but a key a v4 login names the variable that is missing."""
    login = await run("login", "--v4", env=env | {"TMDB_READ_ACCESS_TOKEN": None, "TMDB_API_KEY": fake_tmdb.api_key})
    assert login.status == 2
    assert "set TMDB_READ_ACCESS_TOKEN" in login.err
    assert not fake_tmdb.requests
