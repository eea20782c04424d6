"""What the library logs while a command runs: shown where that is wanted, else not."""

from __future__ import annotations

import logging

import click

_library = logging.getLogger("tmdb_auth_async")


class _Beside(logging.Handler):
    """Writes to the standard error, as it is when something is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        click.echo(f"tmdb-auth: {record.levelname.lower()}: {record.getMessage()}", err=True)


def show_logs(ctx: click.Context, *, verbose: bool) -> None:
    """Show the library's log until *ctx* ends; without *verbose* a command says by itself what matters of it."""
    handler = _Beside() if verbose else logging.NullHandler()
    level = _library.level

    def restore() -> None:
        _library.removeHandler(handler)
        _library.setLevel(level)

    _library.addHandler(handler)
    if verbose:
        _library.setLevel(logging.DEBUG)
    ctx.call_on_close(restore)
