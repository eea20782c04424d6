"""Session values as texts: written, read again as they were, and refused in words when they cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Self, cast

import pytest

from tmdb_auth_async import JSON, ApiKey, Ask, BearerToken, NotConfigured, Password, Request, tmdb
from tmdb_auth_async.records import VERSION, from_text, is_durable, to_text
from tmdb_auth_async.sealed import secret, value
from tmdb_auth_async.strategies.chain import ChainedSession
from tmdb_auth_async.values import SessionValue

from .showing import shown

CANARY = "canary-5f1e"
AT = datetime(2030, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=2)))
TOKEN = tmdb.AccessTokenSession(CANARY, "4bc8892a")
OURS: list[SessionValue] = [
    BearerToken(CANARY),
    tmdb.UserSession(f'{CANARY} é "\\'),
    tmdb.GuestSession(CANARY, AT),
    TOKEN,
    tmdb.ConvertedSession("id", CANARY, "4bc8892a", TOKEN),
    tmdb.ConvertedSession("id", CANARY, None, BearerToken(CANARY)),
]
ELSEWHERE: list[SessionValue] = [*OURS, ChainedSession(1, OURS[1])]


def kind(one: object) -> str:
    """Name a case."""
    return type(one).__name__


@value
class Own:
    """A stranger's session value with the hook."""

    key: str = secret()

    def sign(self, request: Request, /) -> Request:
        """Sign by a parameter."""
        return request.with_param("key", self.key)

    def dump(self) -> Mapping[str, JSON]:
        """Dump the key."""
        return {"key": self.key}

    @classmethod
    def load(cls, data: Mapping[str, JSON], /) -> Self:
        """Load the key."""
        return cls(cast("str", data["key"]))

    async def close(self, ask: Ask, /) -> None:
        """Close nothing."""


class Outer:
    """Holds a class that is found by its qualified name."""

    class Inner(Own):
        """As `Own`, a floor deeper."""


@pytest.mark.parametrize("one", [*OURS, Own(CANARY), Outer.Inner(CANARY)], ids=kind)
def test_a_value_is_read_as_it_was_written(one: SessionValue) -> None:
    """Every session value of ours, and a stranger's with the hook, comes back equal and of its class."""
    again = from_text(to_text(one))
    assert again == one
    assert type(again) is type(one)
    assert is_durable(again)
    assert to_text(again) == to_text(one)


def test_times_come_back_aware() -> None:
    """An end that was aware is aware again, at the same moment."""
    guest = from_text(to_text(tmdb.GuestSession(CANARY, AT)))
    assert isinstance(guest, tmdb.GuestSession)
    assert guest.expires_at.utcoffset() is not None
    assert guest.expires_at == AT.astimezone(UTC)


def test_the_text_says_its_version_and_its_class() -> None:
    """What is written can be told apart by a later release."""
    record = json.loads(to_text(tmdb.UserSession("s")))
    assert record == {"v": VERSION, "kind": "tmdb_auth_async.tmdb.sessions:UserSession", "data": {"id": "s"}}


class Bare:
    """A session value without the hook."""

    def sign(self, request: Request, /) -> Request:
        """Sign nothing."""
        return request


@pytest.mark.parametrize(
    "one",
    [
        Bare(),
        tmdb.ConvertedSession("id", CANARY, None, Bare()),
        cast("Any", Password("a", CANARY)),
        cast("Any", ApiKey(CANARY)),
    ],
    ids=kind,
)
def test_a_value_without_the_hook_is_refused(one: SessionValue) -> None:
    """The error names the class and what it lacks."""
    assert not is_durable(one)
    with pytest.raises(NotConfigured, match="dump, load and close") as caught:
        to_text(one)
    assert CANARY not in shown(caught.value)


def text(*, of: SessionValue = OURS[1], **changes: object) -> str:
    """Write a session's record with *changes* to it."""
    return json.dumps({**json.loads(to_text(of)), **changes})


USER = "tmdb_auth_async.tmdb.sessions:UserSession"


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "null",
        "[]",
        "5",
        f'"{CANARY}"',
        f"garbage {CANARY}",
        "{}",
        "[" * 100_000,
        text(v=None),
        text(v=VERSION + 1),
        text(v="1"),
        text(kind=None),
        text(kind=5),
        text(kind=""),
        text(kind=":"),
        text(v=CANARY),
        text(kind=CANARY),
        text(kind=f"os:{CANARY} "),
        text(kind="os"),
        text(kind="os:system"),
        text(kind="os:path.join"),
        text(kind="no.such.module:UserSession"),
        text(kind="tmdb_auth_async.tmdb.sessions:Gone"),
        text(kind="tmdb_auth_async.values:Request"),
        text(data=None),
        text(data=[]),
        text(data=CANARY),
        text(data={}),
        text(data={"ID": CANARY}),
        text(data={"id": None}),
        text(data={"id": 5}),
        text(data={"id": [CANARY]}),
        text(of=OURS[0], data={"token": ""}),
        text(of=OURS[0], data={"token": f"{CANARY}\r\n"}),
        text(of=OURS[2], data={"id": CANARY}),
        text(of=OURS[2], data={"id": CANARY, "expires_at": None}),
        text(of=OURS[2], data={"id": CANARY, "expires_at": "soon"}),
        text(of=OURS[2], data={"id": CANARY, "expires_at": "2030-01-02T03:04:05"}),
        text(of=OURS[2], data={"id": CANARY, "expires_at": 5}),
        text(of=OURS[4], data={"id": "i", "access_token": "t", "account_id": None, "source": None}),
        text(
            of=OURS[4],
            data={"id": "i", "access_token": "t", "account_id": None, "source": {"v": 1, "kind": "os:system"}},
        ),
    ],
    ids=lambda stored: stored[:60],
)
def test_a_text_that_cannot_be_read_is_refused_in_words(stored: str) -> None:
    """Torn, older, newer, of another program: `NotConfigured`, which shows nothing of it."""
    with pytest.raises(NotConfigured) as caught:
        from_text(stored)
    assert CANARY not in shown(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_fields_of_a_later_release_are_left_out() -> None:
    """What this release does not know does no harm."""
    assert from_text(text(data={"id": "s", "new": 1})) == tmdb.UserSession("s")


def test_a_class_that_is_not_imported_is_named() -> None:
    """The error tells which module to import."""
    with pytest.raises(NotConfigured, match="plugin"):
        from_text(text(kind="plugin:Session"))


@pytest.mark.parametrize("stored", [to_text(one) for one in ELSEWHERE], ids=map(kind, ELSEWHERE))
def test_what_is_ours_is_read_where_nothing_else_was_imported(stored: str) -> None:
    """A program that recovers, or completes a login, need not have used what opened it."""
    program = "import sys; from tmdb_auth_async import records as r; print(r.to_text(r.from_text(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", program, stored], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == stored
