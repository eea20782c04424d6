"""Values: frozen, and mute about their secrets."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from tmdb_auth_async import ApiKey, BearerToken, Call, Password, Request, Response, tmdb
from tmdb_auth_async.sealed import Sealed, secret, value
from tmdb_auth_async.tmdb.flow import Token

CANARY = "canary-5f1e"
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
USER = tmdb.UserSession(CANARY)
IN_FLIGHT = (Request, Response)
SEALED: list[Sealed] = [
    Request(
        "POST",
        "/3/x",
        fills={"id": CANARY},
        params={"q": CANARY},
        json={"password": CANARY},
        form={"secret": CANARY},
        authorization=f"Bearer {CANARY}",
    ),
    Response(200, CANARY.encode(), "text/plain"),
    BearerToken(CANARY),
    ApiKey(CANARY),
    Password(CANARY, CANARY),
    Token(CANARY, AT, f"https://x/{CANARY}"),
    tmdb.RequestToken(CANARY, AT),
    tmdb.CreatedSession(CANARY),
    tmdb.CreatedGuestSession(CANARY, AT),
    tmdb.V4RequestToken(CANARY),
    tmdb.V4AccessToken(CANARY, CANARY),
    USER,
    tmdb.GuestSession(CANARY, AT),
    tmdb.AccessTokenSession(CANARY, CANARY),
    tmdb.ConvertedSession(CANARY, CANARY, CANARY, USER),
]


def kind(one: object) -> str:
    """Name a case."""
    return type(one).__name__


@pytest.mark.parametrize("one", SEALED, ids=kind)
def test_a_value_shows_no_secret(one: Sealed) -> None:
    """Neither repr nor str nor a format, alone or inside another, holds it."""
    assert CANARY not in f"{one!r} {one!s} {one} {[one]} { {'k': one} } {(one,)!r} %s" % (one,)
    assert kind(one) in repr(one)


@pytest.mark.parametrize("one", SEALED, ids=kind)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_value_is_not_pickled(one: Sealed, protocol: int) -> None:
    """A pickle would show the secrets: it is refused, and the refusal shows none."""
    for whole in (one, [one], {"k": one}):
        with pytest.raises(TypeError, match="secrets") as caught:
            pickle.dumps(whole, protocol)
        assert CANARY not in str(caught.value)


@pytest.mark.parametrize("one", SEALED, ids=kind)
def test_a_copy_of_a_value_is_itself(one: Sealed) -> None:
    """It never changes, so there is no use for a second one."""
    assert copy.copy(one) is one
    assert copy.deepcopy([one])[0] is one


@pytest.mark.parametrize("one", [one for one in SEALED if not isinstance(one, IN_FLIGHT)], ids=kind)
def test_a_value_does_not_change(one: Any) -> None:
    """No field can be assigned, none added, none taken away; of what is in flight type checkers see to that."""
    name = attrs.fields(type(one))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(one, name, "other")
    with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
        one.other = "other"
    with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
        delattr(one, name)


@pytest.mark.parametrize("one", SEALED, ids=kind)
def test_a_value_is_what_its_fields_are(one: Any) -> None:
    """Two of the same fields are equal, and evolving one leaves it as it was."""
    assert attrs.evolve(one) == one
    assert attrs.evolve(one) is not one


def test_a_call_shows_no_secret() -> None:
    """What is asked can be logged by mistake."""
    assert CANARY not in repr(tmdb.validate_with_login(CANARY, CANARY, CANARY))


@pytest.mark.parametrize(
    ("method", "repeatable"),
    [("GET", True), ("DELETE", True), ("HEAD", True), ("POST", False), ("PUT", False), ("PATCH", False)],
)
def test_the_method_says_whether_a_request_is_repeatable(method: str, repeatable: bool) -> None:  # noqa: FBT001  # a table
    """Unless it is said otherwise, what HTTP calls idempotent may be sent twice, but for a PUT."""
    assert Request(method, "/3/x").repeatable is repeatable
    assert Request(method, "/3/x", repeatable=not repeatable).repeatable is not repeatable


def test_a_changed_request_keeps_everything_else() -> None:
    """Signing and filling add to a request and take nothing away."""
    request: Any = Request(  # mypy knows it as a dataclass, attrs.evolve takes attrs classes
        "GET",
        "/3/{a}",
        fills={"a": "1"},
        params={"q": 1},
        json=[1],
        form={"f": "1"},
        authorization="x",
        repeatable=False,
        creates=True,
        max_bytes=7,
    )
    assert request.authorized("y") == attrs.evolve(request, authorization="y")
    assert request.with_param("r", "2") == attrs.evolve(request, params={"q": 1, "r": "2"})
    assert request.with_param("q", "2") == attrs.evolve(request, params={"q": "2"})
    assert request.filled("/3/{b}", {"b": "2"}) == attrs.evolve(request, path="/3/{b}", fills={"b": "2"})
    assert Request("GET", "/").with_param("r", "2").params == {"r": "2"}
    call: Any = Call(request, str, member="m", not_found=tmdb.delete_session("s").not_found)
    other = Request("GET", "/4")
    assert call.sending(other) == attrs.evolve(call, request=other)


@value
class Own(Sealed):
    """A stranger's value."""

    key: str = secret()
    note: str = "open"
    more: str | None = secret(default=None)


def test_a_strangers_value_is_sealed_the_same_way() -> None:
    """Whoever declares a secret gets all of the above."""
    own = Own(CANARY, more=CANARY)
    assert repr(own) == "Own(note='open')"
    assert Own(CANARY).more is None
    with pytest.raises(TypeError, match="secrets"):
        pickle.dumps(own)
