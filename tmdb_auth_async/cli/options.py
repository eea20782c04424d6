"""The options that several commands share; what they say goes into the command's `Settings`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs
import click

from .settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def _set(ctx: click.Context, option: click.Parameter, value: Any) -> None:  # whatever the option's type makes
    settings = ctx.obj if isinstance(ctx.obj, Settings) else Settings()
    ctx.obj = attrs.evolve(settings, **{option.name or "": value})


def _set_file(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        from ..stores.sqlite import scheme_of  # only where a file is named

        if scheme_of(value) is not None:  # not quoted: it may hold a password
            message = "sessions are kept in a file here: give its path, not a URL"
            raise click.BadParameter(message, ctx, option)
    _set(ctx, option, value)


json_option = click.option(
    "--json", "as_json", is_flag=True, expose_value=False, callback=_set, help="Answer with one JSON document."
)
url_option = click.option(
    "--url",
    envvar="TMDB_URL",
    show_envvar=True,
    metavar="URL",
    expose_value=False,
    callback=_set,
    help="Where TMDB is, if not at home: a proxy, or tmdb-auth fake.",
)
store_option = click.option(
    "--store",
    envvar="TMDB_AUTH_STORE",
    show_envvar=True,
    metavar="FILE",
    expose_value=False,
    callback=_set_file,
    help="Where sessions are kept.",
)


def name_option(default: str = "default", *, is_new: bool = False) -> Callable[[F], F]:
    """Return the option that says under which name a session is kept; one that *is_new* is not empty."""
    return click.option(
        "--name",
        default=default,
        show_default=True,
        callback=_not_empty if is_new else None,
        help="The name the session is kept under.",
    )


def _not_empty(ctx: click.Context, option: click.Parameter, value: str) -> str:
    if not value:
        message = "a session is kept under a name that is not empty"
        raise click.BadParameter(message, ctx, option)
    return value
