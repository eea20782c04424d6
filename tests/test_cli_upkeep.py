"""Checking the app credential by the command line, and making up for a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .cli_stage import Environment, knowing, process, run

CRASH = """
import asyncio, os
from tmdb_auth_async import BearerToken, Password, RequestTokenLogin, SessionManager, TMDB
from tmdb_auth_async.stores import SQLiteStore

async def main():
    service, store = TMDB.at(os.environ["TMDB_URL"]), SQLiteStore(os.environ["TMDB_AUTH_STORE"])
    async with SessionManager(BearerToken.from_env(), service=service, store=store) as manager:
        async with manager.session(RequestTokenLogin(Password("ada", "secret"))):
            os._exit(1)

asyncio.run(main())
"""


@pytest.fixture
def env(fake_tmdb: FakeTMDB, tmp_path: Path) -> Environment:
    """Know the fake, where ada has an account."""
    fake_tmdb.add_user("ada", "secret")
    return knowing(fake_tmdb, tmp_path)


async def test_a_good_token_is_said_to_be(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """The answer names what was checked, and where."""
    validate = await run("validate", env=env)
    assert (validate.status, validate.out) == (0, f"The read access token is valid at {fake_tmdb.url}\n")


async def test_what_is_asked_is_shown_on_request(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """With --verbose the library's log goes beside the answer, without a secret; the next command is quiet again."""
    loud, quiet = await run("--verbose", "validate", env=env), await run("validate", env=env)
    assert "tmdb-auth: debug: GET /3/authentication answered 200" in loud.err.splitlines()
    assert fake_tmdb.read_access_token not in loud.err
    assert (loud.out, quiet.err) == (quiet.out, "")


async def test_a_good_key_is_said_to_be(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """Without a token the key is what counts."""
    validate = await run("validate", "--json", env=env | with_key(fake_tmdb.api_key))
    assert validate.data == {"valid": True, "credential": "API key", "url": fake_tmdb.url}


async def test_a_bad_key_is_a_refusal(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """It is exit status 1, and the key is not shown."""
    validate = await run("validate", env=env | with_key("0" * 32))
    assert (validate.status, validate.out) == (1, "")
    assert "check the app's read access token or API key" in validate.err
    assert "0" * 32 not in validate.err


async def test_a_key_given_as_a_token_is_explained(env: Environment) -> None:
    """Nothing is sent for what cannot be right."""
    validate = await run("validate", env=env | {"TMDB_READ_ACCESS_TOKEN": "0" * 32})
    assert validate.status == 2
    assert "ApiKey" in validate.err


async def test_without_a_credential_the_variables_are_named(env: Environment) -> None:
    """Where nobody can be asked, the line says what to set."""
    validate = await run("validate", env=env | {"TMDB_READ_ACCESS_TOKEN": None})
    assert validate.status == 2
    assert "set TMDB_READ_ACCESS_TOKEN or TMDB_API_KEY" in validate.err


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "http://example.com", "127.0.0.1", "https://ada:secret@example.com"]
)
async def test_a_url_that_cannot_be_is_refused(env: Environment, url: str) -> None:
    """It is exit status 2 and one line, by option as by environment."""
    by_option, by_environment = (
        await run("validate", "--url", url, env=env),
        await run("validate", env=env | {"TMDB_URL": url}),
    )
    assert by_option == by_environment
    assert (by_option.status, len(by_option.err.splitlines())) == (2, 1)
    assert "secret" not in by_option.err


async def test_a_service_that_is_not_there_is_no_answer(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """It is exit status 3."""
    await fake_tmdb.stop()
    validate = await run("validate", env=env)
    assert validate.status == 3
    assert "check the network and the URL" in validate.err


async def test_what_a_crash_left_open_is_deleted(fake_tmdb: FakeTMDB, env: Environment) -> None:
    """A program that died in a scope is made up for, and counted."""
    async with process(env=env, python=("-c", CRASH)) as crashed:
        await crashed.communicate()
    assert len(fake_tmdb.sessions) == 1
    recover = await run("recover", "--json", env=env)
    assert recover.data == {"recovered": 1, "left": 0}
    assert not fake_tmdb.sessions


async def test_nothing_to_recover_is_fine(env: Environment) -> None:
    """Nobody has crashed: the answer says so."""
    recover = await run("recover", env=env)
    assert (recover.status, recover.out) == (0, "No session was left open\n")


def with_key(key: str) -> Environment:
    """Know that API key, and no token."""
    return {"TMDB_READ_ACCESS_TOKEN": None, "TMDB_API_KEY": key}
