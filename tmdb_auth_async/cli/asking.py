"""What a command must know: from the environment, or by asking whoever sits at the terminal."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress

import click

from .. import ApiKey, BearerToken, NotConfigured, Password
from ..options import check_text, is_unicode

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
_WHERE = "https://www.themoviedb.org/settings/api"


def app_credential(*, v4: bool = False) -> BearerToken | ApiKey:
    """Return the program's own credential, a read access token before a key; raises `NotConfigured`.

    For *v4*, which takes no key, only the token will do.
    """
    if os.environ.get("TMDB_READ_ACCESS_TOKEN", "").strip():
        return BearerToken.from_env()
    if v4:
        variable = f"TMDB_READ_ACCESS_TOKEN (yours is at {_WHERE}; v4 takes no API key)"
        return BearerToken(_ask("TMDB read access token", variables=variable, is_hidden=True).strip())
    if os.environ.get("TMDB_API_KEY", "").strip():
        return ApiKey.from_env()
    variables = f"TMDB_READ_ACCESS_TOKEN or TMDB_API_KEY (yours are at {_WHERE})"
    text = _ask("TMDB read access token or API key", variables=variables, is_hidden=True).strip()
    return ApiKey(text) if _V3_KEY.fullmatch(text) else BearerToken(text)


def password_login() -> Password:
    """Return the user's name and password; raises `NotConfigured`."""
    username = _given("TMDB_USERNAME") or _ask("TMDB username", variables="TMDB_USERNAME and TMDB_PASSWORD")
    secret = _given("TMDB_PASSWORD") or _ask("TMDB password", variables="TMDB_PASSWORD", is_hidden=True)
    return Password(username, secret)


def confirmed(question: str, *, yes: bool) -> bool:
    """Say whether whoever sits there confirms; raises `NotConfigured` where nobody does and not *yes* was given."""
    if yes:
        return True
    if not sys.stdin.isatty():
        message = "nobody is there to be asked: confirm by --yes"
        raise NotConfigured(message)
    with suppress(UnicodeDecodeError):
        return click.confirm(question, err=True)
    return False


def _given(variable: str) -> str:
    """Return what *variable* says, without the end of a line that a file of Windows leaves there."""
    text = os.environ.get(variable, "").rstrip("\r\n")
    check_text(variable, text)
    return text


def _ask(what: str, *, variables: str, is_hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        message = f"no {what} is known: set {variables}, or run this in a terminal to be asked"
        raise NotConfigured(message)
    answer: str | None = None
    with suppress(UnicodeDecodeError):  # which holds what was typed
        answer = click.prompt(what, hide_input=is_hidden, err=True)
    if answer is None or not is_unicode(answer):
        message = f"the {what} came in an encoding that is not the terminal's: set the locale right, or {variables}"
        raise NotConfigured(message)
    return answer
