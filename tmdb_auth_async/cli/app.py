"""The command line as a whole."""

from __future__ import annotations

import click

from .demo.command import demo
from .fake import fake
from .kept import logout, sessions, whoami
from .login import guest, login
from .logs import show_logs
from .settings import Settings
from .statuses import Commands
from .upkeep import recover, validate


@click.group("tmdb-auth", cls=Commands, context_settings={"obj": Settings(), "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tmdb-auth-async")
@click.option("-v", "--verbose", is_flag=True, help="Show what is asked, and what goes wrong and is made up for.")
@click.pass_context
def commands(ctx: click.Context, *, verbose: bool) -> None:
    """Open TMDB sessions, use them, leave none behind.

    No secret is ever an argument: it comes from the environment, or from a prompt that hides it. None is shown, but
    by `sessions --show-id`.
    """
    show_logs(ctx, verbose=verbose)


for _command in (demo, validate, login, whoami, sessions, logout, guest, recover, fake):
    commands.add_command(_command)
