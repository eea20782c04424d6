"""The errors: one tree, picklable, and constructible by strangers."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

import tmdb_auth_async
from tmdb_auth_async import errors
from tmdb_auth_async.errors import (
    AccountUnavailable,
    AppCredentialRefused,
    ApprovalDenied,
    ApprovalTimedOut,
    AuthError,
    LoginRefused,
    NoAnswer,
    NotApproved,
    NotAttempted,
    NotConfigured,
    NotLoggedIn,
    PermissionDenied,
    RateLimited,
    Refused,
    RequestTokenInvalid,
    ServiceDown,
    SessionClosed,
    SessionNotFound,
    TimedOut,
    Unreachable,
    Unreadable,
)

PARENTS: dict[type[AuthError], type[Exception]] = {
    AuthError: Exception,
    NotAttempted: AuthError,
    NotConfigured: NotAttempted,
    NotLoggedIn: NotAttempted,
    SessionClosed: NotAttempted,
    Refused: AuthError,
    AppCredentialRefused: Refused,
    LoginRefused: Refused,
    AccountUnavailable: Refused,
    RequestTokenInvalid: Refused,
    NotApproved: Refused,
    ApprovalDenied: NotApproved,
    ApprovalTimedOut: NotApproved,
    PermissionDenied: Refused,
    SessionNotFound: Refused,
    RateLimited: Refused,
    NoAnswer: AuthError,
    Unreachable: NoAnswer,
    TimedOut: NoAnswer,
    ServiceDown: NoAnswer,
    Unreadable: NoAnswer,
}

FULL: list[AuthError] = [
    NotConfigured("set the environment variable TMDB_API_KEY"),
    Refused("no", status=422, code=5),
    LoginRefused("no", status=401, code=30),
    PermissionDenied("no", status=403, code="PERM-1"),
    RateLimited("slower", status=429, code=25, retry_after_s=2.5),
    NoAnswer("nothing", may_have_created=True),
    Unreachable("nothing", may_have_created=False, sent=False),
    TimedOut("nothing", may_have_created=True),
    ServiceDown("down", status=503, code=9, may_have_created=True, retry_after_s=7.0),
    Unreadable("garbage", may_have_created=True),
]


def _classes() -> set[type[AuthError]]:
    return {found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, AuthError)}


def test_the_tree_is_the_one_that_is_drawn() -> None:
    """Every error has the parent of the contract, and there is no other error."""
    assert {kind: kind.__base__ for kind in _classes()} == PARENTS


def test_the_docstring_draws_every_error() -> None:
    """The picture at the top of the module has a line for each class, indented under its parent."""
    lines = [line for line in (errors.__doc__ or "").splitlines() if "─ " in line or "AuthError" in line]
    depths = {line.strip("│├└─ ").split()[0]: len(line) - len(line.lstrip("│├└─ ")) for line in lines}
    assert set(depths) == {kind.__name__ for kind in PARENTS}
    for kind, parent in PARENTS.items():
        if parent is not Exception:
            assert depths[kind.__name__] == depths[parent.__name__] + 3


def test_every_error_is_at_the_top() -> None:
    """A program finds each error in the package itself."""
    for kind in PARENTS:
        assert getattr(tmdb_auth_async, kind.__name__) is kind
        assert kind.__name__ in tmdb_auth_async.__all__


@pytest.mark.parametrize("kind", PARENTS, ids=lambda kind: kind.__name__)
def test_a_stranger_can_raise_any_of_them(kind: type[AuthError]) -> None:
    """One sentence is enough to make an error, none at all is no crash."""
    assert str(kind("what to do")) == "what to do"
    assert str(kind()) == ""


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_an_error_survives_a_pickle_with_all_it_knows(error: AuthError) -> None:
    """A pool of processes hands an error over whole, its keyword fields and notes included."""
    error.add_note("met in a worker")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301  # our own pickle of a moment ago
        assert type(again) is type(error)
        assert (str(again), vars(again)) == (str(error), vars(error))


def test_a_strangers_own_error_survives_a_pickle() -> None:
    """A subclass with no more than a name is handed over as well."""
    again = pickle.loads(pickle.dumps(_Locked("locked", status=423, code="X1")))  # noqa: S301  # our own pickle
    assert isinstance(again, _Locked)
    assert (again.status, again.code, again.message) == (423, "X1", "locked")


def test_a_refusal_tells_both_numbers() -> None:
    """Whoever reads the text sees what HTTP said and what the service said."""
    assert str(Refused("no", status=422, code=5)) == "no (HTTP 422, code 5)"
    assert str(Refused("no", status=422)) == "no (HTTP 422)"
    assert str(Refused("no", code=5)) == "no (code 5)"


def test_a_lost_answer_tells_that_something_may_be_left() -> None:
    """The text says so only when it is so."""
    assert "may have created a session" in str(TimedOut("no answer", may_have_created=True))
    assert "may have created" not in str(TimedOut("no answer"))


class _Locked(Refused):
    pass
