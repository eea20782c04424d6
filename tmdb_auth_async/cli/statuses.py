"""How a command ends: its exit status, and the one line that says why that is not 0."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from click.exceptions import Exit

from .. import JSON, AuthError, NoAnswer, NotAttempted, Refused
from .output import Unwritten
from .running import Terminated
from .teaching import TaughtContext, teach

DONE, REFUSED, NOT_CONFIGURED, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130
SIGNALLED = 128
"""What is added to the number of a signal that stopped the command, as shells do."""


class Failed(Exception):  # our errors are named by what happened
    """A command did not do what it was asked: a line that says so, and an exit status."""

    def __init__(self, line: str, status: int, *, kind: str = "Failed", data: Mapping[str, JSON] | None = None) -> None:
        """Say *line*; where JSON is wanted *kind* and *data* too."""
        super().__init__(line)
        self.line = printable(line)
        self.status = status
        self.data: Mapping[str, JSON] = {"kind": kind, "message": self.line, "exit_status": status, **(data or {})}


class Commands(click.Group):
    """Commands that end with our exit statuses, one line, and never a traceback."""

    context_class = TaughtContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order in which they are taught."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what is taught of all of them."""
        teach(self.name, formatter)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options before the command; without any word the help is all."""
        if not args:
            return super().make_context(info_name, args, parent, **extra)
        with _ending(wants_json="--json" in args):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # whatever the command returns, as click has it
        """Run the command that was named."""
        with _ending(wants_json="--json" in ctx.args):
            return super().invoke(ctx)


def printable(text: str) -> str:
    """Return *text*, which a service may have written, on one line and without a terminal's control codes."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


@contextmanager
def _ending(*, wants_json: bool) -> Generator[None]:
    """End by our statuses whatever fails in the block; raises click's `Exit`."""
    try:
        yield
    except Failed as error:
        failed = error
    except (click.UsageError, AuthError) as error:
        failed = _failed(error)
    except (click.Abort, KeyboardInterrupt):
        failed = Failed("stopped", INTERRUPTED)
    except Terminated as error:
        failed = Failed("stopped", SIGNALLED + error.number)
    except Unwritten as error:
        raise Exit(error.status) from None  # whose line comes last, after whatever is said until then
    else:
        return
    click.echo(f"tmdb-auth: {failed.line}", err=True)
    if wants_json:
        click.echo(json.dumps({"error": failed.data}, indent=2))
    raise Exit(failed.status)


def _failed(error: click.UsageError | AuthError) -> Failed:
    if isinstance(error, click.UsageError):
        command = "tmdb-auth" if error.ctx is None else error.ctx.command_path
        line = f"{error.format_message().rstrip('.')}: see {command} --help"
        return Failed(line, NOT_CONFIGURED, kind="UsageError")
    kind = type(error).__name__
    if isinstance(error, Refused):
        return Failed(str(error), REFUSED, kind=kind, data={"status": error.status, "code": error.code})
    status = (
        NO_ANSWER if isinstance(error, NoAnswer) else NOT_CONFIGURED if isinstance(error, NotAttempted) else REFUSED
    )
    return Failed(str(error), status, kind=kind)
