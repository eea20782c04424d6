"""The command line as a whole."""

from __future__ import annotations

import click

from .demo.command import demo
from .fake import fake
from .kept import logout, sessions, whoami
from .login import guest, login
from .settings import Settings
from .statuses import Commands
from .upkeep import recover, validate


@click.group("tmdb-auth", cls=Commands, context_settings={"obj": Settings(), "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tmdb-auth-async")
def commands() -> None:
    """Open TMDB sessions, use them, leave none behind.

    No secret is ever an argument: it comes from the environment, or from a prompt that hides it. None is shown, but
    by `sessions --show-id`.
    """


for _command in (demo, validate, login, whoami, sessions, logout, guest, recover, fake):
    commands.add_command(_command)
