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


def test_the_house_was_searched() -> None:
    """The classes of every floor are among those that are looked at."""
    names = {cls.__name__ for cls in attrs_classes()}
    assert {"Request", "BearerToken", "Password", "Halfway", "ZitadelLogin", "Token", "RequestToken"} <= names
    assert Path(HOUSE).name == "tmdb_auth_async"
