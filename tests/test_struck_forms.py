"""A secret is struck in whatever form it is echoed, and what reads as prose is kept."""

from __future__ import annotations

import html
import json
import re
import time
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmdb_auth_async import Request
from tmdb_auth_async.struck import secret_in, struck
from tmdb_auth_async.testing.fake_tmdb.codes import CODES

SECRETS = ["correct-horse-battery9", "p@ss!w'rd", "a<b&c>dZ9\\x", "Grüße-9x", "hunter2-xy9", "pass\U0001f600word"]
FORMS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 further on": lambda text: b64encode(b"a" + text.encode() + b"zz").decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "a dump of octets": lambda text: ", ".join(f"0x{octet:02X}" for octet in text.encode()),
    "a dump of code points": lambda text: " ".join(f"U+{ord(sign):04X}" for sign in text),
    "base32 in groups": lambda text: re.sub("(.{8})(?=.)", r"\1 ", b32encode(text.encode()).decode().rstrip("=")),
    "numbers": lambda text: " ".join(str(octet) for octet in text.encode()),
    "every octet": lambda text: "".join(f"%{octet:02x}" for octet in text.encode()),
    "encodeURIComponent": lambda text: quote(text, safe="!'()*~-_."),
    "quoted twice": lambda text: quote(quote(text, safe=""), safe=""),
    "quoted as Latin-1": lambda text: quote(text, safe="", encoding="latin-1", errors="replace"),
    "every sign as JSON": lambda text: json.dumps(text).replace("a", "\\u0061").replace("s", "\\u0073"),
    "Go's JSON": lambda text: json.dumps(text, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "Python's HTML": html.escape,
    "PHP's HTML": lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#039;"),
    "backwards": lambda text: text[::-1],
    "spelt": "\u200b".join,
    "spaced": " ".join,
    "Python's bytes": lambda text: repr(text.encode()),
    "read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "capitals": str.upper,
}


def _shares(words: str, secret: str) -> bool:
    return any(secret[at : at + 4].lower() in words.lower() for at in range(len(secret) - 3))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_struck_in_every_form(secret: str, form: str) -> None:
    """Nothing of the form is left, and the words around it stay."""
    echo = FORMS[form](secret)
    words = struck(f"The value {echo} is wrong", Request("POST", "/", json={"password": secret}))
    assert words.startswith("The value ")
    assert words.endswith(" is wrong")
    assert "•••" in words
    assert not _shares(words, echo)
    assert not _shares(words, secret)


@pytest.mark.parametrize("space", ["  ", "\n", "\u00a0", "\u2028", "-", "", "%20", "+"])
def test_a_passphrase_is_struck_however_its_words_are_parted(space: str) -> None:
    """Spaces of any kind and number are one, also when a letter is missing."""
    secret = "correct horse battery staple"
    request = Request("POST", "/", json={"password": secret})
    for echo in (secret, secret[:-1], secret[1:]):
        assert struck(f"no {echo.replace(' ', space)} here", request) in {"no ••• here", "no •••: here"}


@pytest.mark.parametrize("before", [500, 505, 511, 1010, 1023, 4086, 8185])
@pytest.mark.parametrize("filler", [" ", "a ", "• "])
def test_a_secret_at_any_cut_is_struck(before: int, filler: str) -> None:
    """Wherever the words stop being read or quoted, no first half of a secret is left."""
    words = (filler * before)[:before] + "hunter2-xy9"
    assert "hunt" not in struck(words, Request("POST", "/", json="hunter2-xy9"))


def test_numbers_and_unusual_names_of_a_body_are_secrets() -> None:
    """A PIN may be a number and a key may be an id; page numbers and the names of fields tell nothing."""
    request = Request("POST", "/", json={"pin": 31415926, "SECRETKEYSECRETKEY": 1, "password": 1.5, "rate": 27182.5})
    assert struck("31415926 SECRETKEYSECRETKEY, 27182.5", request) == "••• •••, •••"
    assert struck("password and pin: at most 8, or 1.5", request) == "password and pin: at most 8, or 1.5"


def test_a_clients_secret_is_struck_and_its_id_is_not() -> None:
    """Both stand in HTTP's Basic, form-encoded."""
    pair = b64encode(b"my-client:CANARY%2Bsecret+012").decode()
    request = Request("POST", "/oauth/v2/token", authorization=f"Basic {pair}")
    said = struck(f"CANARY+secret 012 and CANARY%2Bsecret+012 of my-client in {pair}", request)
    assert said == "••• and ••• of my-client in •••"


@pytest.mark.parametrize("claim", ["d41d8cd98f00b204e9800998ecf8427e", ["abcdefghijkl"], {"id": "abcdefghijkl"}])
def test_what_a_token_holds_is_struck(claim: Any) -> None:
    """The v3 API key is a claim of the read access token."""
    payload = urlsafe_b64encode(json.dumps({"aud": claim, "scopes": ["api_read"]}).encode()).decode().rstrip("=")
    request = Request("GET", "/", authorization=f"Bearer eyJhbGciOiJIUzI1NiJ9.{payload}.c2lnbmF0dXJl")
    value = "d41d8cd98f00b204e9800998ecf8427e" if isinstance(claim, str) else "abcdefghijkl"
    assert struck(f"key {value} lacks api_read", request) == "key ••• lacks api_read"


def test_what_is_encoded_in_a_body_is_struck() -> None:
    """Such as metadata, whose bytes are sent as base64; what only looks like a token is no trouble."""
    texts = [b64encode(b"metadata-canary").decode(), "e30." + b64encode(b"[" * 1100).decode() + ".x", "a.b.c", ".."]
    assert struck("is metadata-canary", Request("POST", "/", json={"metadata": texts})) == "is •••"


@pytest.mark.parametrize("strange", ["68756e7465723278", "aHVudGVyMnhYeVla", "%41", "\\u0041", "&#65;", "1-2-3-4-5-6"])
def test_what_is_no_prose_is_not_quoted(strange: str) -> None:
    """A run of digits and letters, capitals anywhere, and escapes may be a secret that nobody knows as one."""
    assert struck(f"Bad value ({strange}), sorry.", Request("GET", "/")) == "Bad value (•••), sorry."


@pytest.mark.parametrize(
    "words",
    [
        *(words for _, words in CODES.values()),
        "Password is invalid (COMMAND-3M0fs)",
        "ID=AUTH-7fs1e Message=Errors.Token.Invalid Parent=(none)",
        "Passwort ist ungültig; Benutzer ist gesperrt",
        "密码无效 用户已被锁定",
        "type.googleapis.com/zitadel.v1.ErrorDetail: failedPrecondition, CredentialsCheckError",
        "client authentication failed (e.g., unknown client_id, or unsupported grant_type)",
        "see https://www.themoviedb.org/documentation/api/status-codes",
        "expired at 2024-05-01T10:00:00Z, 3600s ago; HTTP/1.1 429 from 192.168.10.12:443",
    ],
)
def test_what_services_usually_say_is_quoted(words: str) -> None:
    """Their sentences, ids, addresses and times read as they were written, beside a login's secrets."""
    login = {"username": "ada", "password": "hunter2-xy9", "request_token": "0a1b" * 10}
    grant = {"grant_type": "client_credentials", "scope": "openid urn:zitadel:iam:org:project:id:zitadel:aud"}
    for request in (Request("POST", "/3/x", json=login), Request("POST", "/oauth/v2/token", form=grant)):
        assert struck(words, request) == words


MUCH: list[Request] = [
    Request("POST", "/", json="<a\\" * 300_000),
    Request("POST", "/", authorization="Bearer " + "x" * 1_000_000),
    Request("GET", "/3/" + "1" * 1_000_000),
    Request("POST", "/", json=list(range(1_000_000))),
    Request("POST", "/", json={f"key{number}": None for number in range(100_000)}),
    Request("POST", "/", json=[str(number) for number in range(1000)]),
    Request("POST", "/", json=10**5000),
]


@pytest.mark.parametrize("number", range(len(MUCH)))
def test_too_much_to_look_at_is_answered_by_silence(number: int) -> None:
    """Nothing is quoted then, and every code may be a secret; it takes no longer than a glance."""
    began_s = time.process_time()
    for _ in range(5):
        assert struck("a secret", MUCH[number]) == ""
        assert secret_in("48", MUCH[number])
    assert time.process_time() - began_s < 1


@pytest.mark.parametrize("words", ["%25" * 9000, "\\" * 9000, "&" * 9000, "\ufdfa" * 9000, "ab" * 9000, "&amp;" * 9000])
@pytest.mark.parametrize("text", ["%25", "\\", "&amp;", "ab", "é½"])
def test_the_worst_words_and_secrets_take_no_time(words: str, text: str) -> None:
    """As much as is looked at, of what is hardest to look at, is done in a fraction of a second."""
    request = Request("POST", "/", json=[text * (900 // len(text)), *(text * count for count in range(1, 40))])
    began_s = time.process_time()
    assert len(struck(words, request)) <= 301
    assert time.process_time() - began_s < 0.5


def test_a_code_that_holds_a_secret_is_known() -> None:
    """The secret itself, or one of four signs or more in it; shorter ones are in any number."""
    request = Request("POST", "/", json={"password": "904117", "totp": "12"})
    assert [secret_in(code, request) for code in ("904117", "19041170", "12", "512", "48")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(
    secret=st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=6, max_size=40),
    before=st.text(max_size=60),
    after=st.text(max_size=60),
    form=st.sampled_from(["plain", "every octet", "entities", "quoted twice", "backwards", "hexadecimal"]),
)
def test_any_secret_is_struck_among_any_words(secret: str, before: str, after: str, form: str) -> None:
    """Whatever it is made of, and whatever stands around it."""
    echo = FORMS[form](secret) if form in FORMS else secret
    words = struck(f"{before} {echo} {after}", Request("POST", "/", json=[secret]))
    assert secret not in words
    assert echo not in words
