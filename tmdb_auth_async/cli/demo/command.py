"""The command `demo`."""

from __future__ import annotations

import attrs
import click

from ..options import json_option
from ..running import run
from ..settings import Settings
from ..statuses import DONE, REFUSED
from ..teaching import TaughtCommand


@click.command(cls=TaughtCommand)
@click.option("--scopes", type=click.IntRange(1), default=500, show_default=True, help="How many are cancelled.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which random moments.")
@json_option
@click.pass_context
def demo(ctx: click.Context, scopes: int, seed: int) -> None:
    """See every strategy open, use and close a session, without a key.

    Servers on this machine stand in for TMDB and ZITADEL. Then many visits are cancelled at random moments, once those
    of a careful client written by hand, once those of this library, to see what each leaves behind.
    """
    from .run import demonstrate  # the servers take their time to load
    from .show import Show

    settings = ctx.find_object(Settings) or Settings()
    screen = settings.screen()
    findings = run(demonstrate(Show(screen), scopes=scopes, seed=seed))
    if settings.as_json:
        screen.answer({**attrs.asdict(findings), "clean": findings.is_clean})
    ctx.exit(DONE if findings.is_clean else REFUSED)
