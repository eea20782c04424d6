"""Each field that may hold a secret keeps it out of the repr, in every attrs class of the package."""

from __future__ import annotations

import copy
import importlib
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis.vendor.pretty import pretty

from tmdb_auth_async import (
    ApiKey,
    BearerToken,
    Call,
    Password,
    Redirect,
    Request,
    RequestTokenLogin,
    Response,
    tmdb,
)
from tmdb_auth_async.sealed import Sealed
from tmdb_auth_async.stores import RedisStore
from tmdb_auth_async.testing.fake_zitadel.machine import Machine

from .import_graph import modules
from .test_layers import HOUSE

NAMED_LIKE_ONE = re.compile(
    r"(^|_)(id|ids|key|token|tokens|secret|password|pem|state|jti|url|fills|params|json|form|body|authorization|"
    r"credential|source|half|value|text|session|sessions|query|raw_query|headers|assertion|code|username)$"
)
"""Fields of such a name hold a secret unless it is said below why not."""

OF_TEXT = re.compile(r"^(?!.*Callable).*(str|bytes|JSON)")
"""What such a field is of; a number, a yes or no and a function hold none."""

HARMLESS = {
    "Complaint.id": "which complaint it is",
    "Fault.code": "which complaint it is",
    "TMDBService.url": "where the service lives",
    "Zitadel.url": "where the service lives",
    "Settings.url": "where the service lives",
    "Account.username": "who somebody is opens nothing",
    "UserFactor.id": "who somebody is opens nothing",
    "UserFactor.organization_id": "who somebody is opens nothing",
    "UserAgent.fingerprint_id": "what a device is called opens nothing",
    "User.user_id": "who somebody is opens nothing",
    "User.username": "who somebody is opens nothing",
    "Caller.user_id": "who somebody is opens nothing",
    "Machine.user_id": "who somebody is opens nothing",
    "Machine.client_id": "who somebody is opens nothing",
    "LiveSession.creator_id": "who somebody is opens nothing",
}


def attrs_classes() -> Iterator[type[Any]]:
    """Give every attrs class of the package, testing support included."""
    for module in modules(HOUSE):
        if module.endswith("__main__"):
            continue
        found = importlib.import_module(f"tmdb_auth_async.{module}" if module != "tmdb_auth_async" else module)
        for thing in vars(found).values():
            if isinstance(thing, type) and attrs.has(thing) and thing.__module__ == found.__name__:
                yield thing


def _hidden(cls: type[Any]) -> Iterator[str]:
    return (field.name for field in attrs.fields(cls) if field.repr is not True and field.eq)


def test_every_field_that_may_be_secret_stays_out_of_the_repr() -> None:
    """By its name: what is added tomorrow is hidden, or somebody says here why it need not be."""
    shown = {
        f"{cls.__name__}.{field.name}"
        for cls in attrs_classes()
        for field in attrs.fields(cls)
        if field.repr is True and NAMED_LIKE_ONE.search(field.name) and OF_TEXT.match(str(field.type))
    }
    assert shown == HARMLESS.keys()


CANARY = "canary-5f1e9a7c3b"
REQUEST = Request(
    "POST",
    f"/3/{CANARY}/x",
    fills={"a": CANARY},
    params={"b": CANARY},
    json={"c": CANARY},
    form={"d": CANARY},
    authorization=CANARY,
)
VALUES = (
    BearerToken(CANARY),
    ApiKey(CANARY),
    Password(CANARY, CANARY),
    Redirect(f"https://example.org/callback?key={CANARY}"),
    Redirect(f"https://example.org/callback#{CANARY}?"),
    RedisStore(f"redis://:{CANARY}@127.0.0.1"),
    REQUEST,
    Response(200, CANARY.encode()),
    tmdb.UserSession(CANARY),
    tmdb.RequestToken(CANARY, tmdb.CreatedGuestSession.__name__),  # type: ignore[arg-type]  # only its repr is asked for
    tmdb.V4AccessToken(CANARY, CANARY),
)
HOLDERS = (
    *VALUES,
    RequestTokenLogin(Password(CANARY, CANARY)),
    Call(REQUEST, object),
    [REQUEST],
    {"a": BearerToken(CANARY)},
)


@pytest.mark.parametrize("thing", HOLDERS, ids=lambda thing: type(thing).__name__)
def test_no_way_of_writing_shows_it(thing: object) -> None:
    """Neither repr, str and format, nor a pickle, which is refused; values are sealed and their own copies."""
    for text in (repr(thing), str(thing), f"{thing}", f"{thing!a}", "%s %r" % (thing, thing)):  # noqa: UP031  # one way more
        assert CANARY not in text
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(thing)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_with_a_secret_is_sealed(value: object) -> None:
    """A copy is the value itself, so that no second one is left somewhere."""
    assert isinstance(value, Sealed)
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value


def _made(cls: type[Any], number: int) -> Any:
    """Make a *cls* by hand, with a secret of that *number* in each field that is hidden, or in part."""
    one = object.__new__(cls)
    for field in attrs.fields(cls):
        what = 0 if field.repr is True else f"{CANARY}{number}"
        object.__setattr__(one, field.name, f"/x?{what}" if callable(field.repr) else what)
    return one


HIDING = sorted(
    {cls for cls in attrs_classes() if ".testing." not in cls.__module__ and any(_hidden(cls))} | {Machine},
    key=lambda cls: f"{cls.__module__}.{cls.__qualname__}",
)
"""Every class with a field that no repr shows; what is behind the fakes is given to nobody, but for one."""


@pytest.mark.parametrize("cls", HIDING, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_a_failed_comparison_tells_no_field(cls: type[Any]) -> None:
    """pytest, which goes through the fields of attrs classes, says no more of two that differ than their reprs do."""
    one, other = _made(cls, 1), _made(cls, 2)
    with pytest.raises(AssertionError) as caught:
        assert one == other
    with pytest.raises(AssertionError) as caught_in_a_list:
        assert [{"a": one}] == [{"a": other}]
    with pytest.raises(AssertionError) as caught_within:
        assert Call(one, object) == Call(other, object)
    told = f"{caught.value}{caught_in_a_list.value}{caught_within.value}"
    assert told.count(cls.__name__) > 4  # it did tell
    assert CANARY not in told


@pytest.mark.parametrize("cls", HIDING, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_an_equality_is_that_of_the_fields(cls: type[Any]) -> None:
    """That pytest knows it no more changes nothing of it."""
    one, same, other = _made(cls, 1), _made(cls, 1), _made(cls, 2)
    assert one != other
    assert one.__eq__(object()) is NotImplemented
    assert (one == same) is (cls is not Machine)  # each of which is another
    assert (hash(one) == hash(same)) is (one == same)


@pytest.mark.parametrize("thing", HOLDERS, ids=lambda thing: type(thing).__name__)
def test_no_printer_goes_through_the_fields(thing: object) -> None:
    """Hypothesis prints a counterexample, and IPython a result, by a printer that knows attrs classes."""
    assert CANARY not in pretty(thing)


def test_the_house_was_searched() -> None:
    """The classes of every floor are among those that are looked at."""
    names = {cls.__name__ for cls in attrs_classes()}
    assert {"Request", "BearerToken", "Password", "Halfway", "ZitadelLogin", "Token", "RequestToken"} <= names
    assert Path(HOUSE).name == "tmdb_auth_async"
