"""What somebody else said is quoted without the secrets of the request."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest

from tmdb_auth_async import Request
from tmdb_auth_async.struck import struck

SECRET = 'p@ss w/örd"&'


def places(text: str) -> list[Request]:
    """Put *text* into every part of a request that may hold a secret."""
    return [
        Request("POST", "/3/x", json={"password": text}),
        Request("POST", "/3/x", json={"checks": [{"password": {"password": text}}]}),
        Request("POST", "/3/x", json=text),
        Request("POST", "/3/x", form={"client_secret": text}),
        Request("GET", "/3/x/{id}", fills={"id": text}),
        Request("GET", "/3/x", params={"session_id": text}),
        Request("GET", "/3/x", authorization=text),
        Request("GET", "/3/x", authorization=f"Bearer {text}"),
    ]


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize(
    "echo",
    [SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET), json.dumps(SECRET)[1:-1]],
    ids=["plain", "quoted", "quoted whole", "as a form", "as JSON"],
)
def test_a_secret_is_struck_out_however_it_is_echoed(place: int, echo: str) -> None:
    """Wherever it stood in the request, plain or encoded, it does not come back."""
    words = struck(f"Invalid value {echo}: try another. ({echo})", places(SECRET)[place])
    assert words == "Invalid value •••: try another. (•••)"


def test_what_is_given_beside_the_request_is_struck_too() -> None:
    """A secret that no part of the request holds may be named."""
    assert struck("token abc and def", Request("GET", "/3/x"), "abc", "", "def") == "token ••• and •••"


def test_the_longer_secret_goes_first() -> None:
    """A secret that holds another leaves no rest behind."""
    assert struck("is ab-cd", Request("POST", "/", json=["ab", "ab-cd", "cd"])) == "is •••"


def test_words_without_secrets_stay() -> None:
    """Numbers, nulls and empty texts in a request take nothing out of the words."""
    request = Request("POST", "/3/x", json={"value": 8, "ok": True, "none": None, "": ""}, params={"page": 1, "q": ""})
    assert struck("Pages start at 1 and max at 8.", request) == "Pages start at 1 and max at 8."


def test_words_are_one_line_of_bounded_length() -> None:
    """Line breaks, escapes and a flood of words do not get into a log."""
    assert struck("a\r\nb\x1b[31m\u2028c\td", Request("GET", "/3/x")) == "a b [31m c d"
    words = struck("x" * 1_000_000, Request("GET", "/3/x"))
    assert len(words) == 301
    assert words.endswith("x…")


def test_a_secret_at_the_cut_is_struck_before_it() -> None:
    """The first half of a secret does not survive where the words are cut."""
    assert "sec" not in struck("x" * 297 + "secret", Request("POST", "/", json="secret"))


def test_half_a_surrogate_pair_is_struck_without_a_crash() -> None:
    """JSON can carry a text that is no Unicode: it is struck as any other."""
    assert struck("no: ab\ud800", Request("POST", "/", json="ab\ud800")) == "no: •••"
