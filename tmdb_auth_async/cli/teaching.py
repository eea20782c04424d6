"""What the help teaches beside the options: examples, the environment, the exit statuses."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

Rows = Sequence[tuple[str, str]]

_SETTINGS_PAGE = "https://www.themoviedb.org/settings/api"
_TAUGHT: Mapping[str | None, Mapping[str, Rows]] = {
    "tmdb-auth": {
        "First steps, without a key": (
            ("tmdb-auth demo", "see it all work"),
            ("tmdb-auth fake > fake.env", "serve a TMDB; then, in another terminal:"),
            (". ./fake.env", "let the other commands use it"),
        ),
        f"With a key of {_SETTINGS_PAGE}": (
            ("export TMDB_READ_ACCESS_TOKEN=...", "or be asked for it"),
            ("tmdb-auth validate", "is it good?"),
            ("tmdb-auth login", "approve in the browser; it is kept"),
            ("tmdb-auth whoami", "use it"),
            ("tmdb-auth logout", "delete it at TMDB"),
        ),
        "Environment": (
            ("TMDB_READ_ACCESS_TOKEN", "what signs the requests"),
            ("TMDB_API_KEY", "what signs them without it, but for v4"),
            ("TMDB_USERNAME, TMDB_PASSWORD", "for login --password"),
            ("TMDB_URL", "where TMDB is, if not at home"),
            ("TMDB_AUTH_STORE", "the file that keeps the sessions"),
            ("NO_COLOR", "words only: no colour, nothing that moves"),
        ),
        "Exit status": (
            ("0", "done"),
            ("1", "refused: TMDB said no, or the human did"),
            ("2", "wrong usage, or something is not configured; nothing was asked"),
            ("3", "no usable answer came, or none could be written"),
            ("130", "stopped by Ctrl-C; 143 by SIGTERM; 141: nobody reads on"),
        ),
    },
    "login": {
        "Examples": (
            ("tmdb-auth login", "in a browser here, else by a link"),
            ("tmdb-auth login --link", "on your phone: a link and a QR code"),
            ("tmdb-auth login --v4 --name bot", 'for /3/ and /4/, kept as "bot"'),
            ("TMDB_USERNAME=ada tmdb-auth login --password", "asks for the password only"),
        ),
    },
    "sessions": {
        "Examples": (
            ("tmdb-auth sessions", "names, kinds and ends; no secret"),
            ("tmdb-auth sessions --json", "the same for a program"),
            ("tmdb-auth sessions --show-id bot --yes", "the id itself, for another TMDB library"),
        ),
    },
    "fake": {
        "Examples": (
            ("tmdb-auth fake > fake.env", "in one terminal"),
            (". ./fake.env && tmdb-auth login --link", "in another; then open the link and approve"),
            ("tmdb-auth fake --port 8080 --zitadel", "for a program that expects it there"),
        ),
    },
    "demo": {
        "Examples": (
            ("tmdb-auth demo", "takes a few seconds"),
            ("tmdb-auth demo --scopes 5000 --seed 7", "ten times as many, at other moments"),
            ("tmdb-auth demo --json", "the same as data"),
        ),
        "Exit status": (("0", "the manager left nothing behind"), ("1", "it left a session behind")),
    },
}


class _Formatter(click.HelpFormatter):
    """Headings that stand out, on a terminal."""

    def write_heading(self, heading: str) -> None:
        """Write a heading in bold; click takes that off again where there is no terminal."""
        super().write_heading(heading if os.environ.get("NO_COLOR") else click.style(heading, bold=True))


class TaughtContext(click.Context):
    """A context whose help is formatted our way."""

    formatter_class = _Formatter


class TaughtCommand(click.Command):
    """A command whose help ends with what there is to know beside its options, of which alone it takes any."""

    context_class = TaughtContext
    allow_extra_args = True  # by click, which would quote them: one may be a secret

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; raises `UsageError` where anything is left."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            message = f"{ctx.info_name} takes options only; what else is given is not shown, since it may be a secret"
            if ctx.params.get("password"):
                message = "--password takes no value: it is asked for, or comes from TMDB_PASSWORD"
            raise click.UsageError(message, ctx)
        return rest

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its sections."""
        teach(self.name, formatter)


def teach(name: str | None, formatter: click.HelpFormatter) -> None:
    """Write what is taught under *name*."""
    for heading, rows in _TAUGHT.get(name, {}).items():
        with formatter.section(heading):
            formatter.write_dl(rows, col_max=46)
