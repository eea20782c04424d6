"""The command `demo`."""

from __future__ import annotations

import asyncio
import importlib.util
import time

import attrs
import click

from ..options import json_option
from ..screen import Screen
from ..settings import Settings
from ..statuses import DONE, REFUSED
from ..teaching import TaughtCommand
from .cancels import by_hand, by_manager, random_moments_s
from .diary import Diary
from .findings import Findings
from .show import Show
from .tour import tour


@click.command(cls=TaughtCommand)
@click.option("--scopes", type=click.IntRange(1), default=500, show_default=True, help="How many are cancelled.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which random moments.")
@json_option
@click.pass_context
def demo(ctx: click.Context, scopes: int, seed: int) -> None:
    """See every strategy open, use and close a session, without a key.

    Servers on this machine stand in for TMDB and ZITADEL. Then as many visits are cancelled at random moments, once
    those of a careful client written by hand, once those of this library.
    """
    settings = ctx.find_object(Settings) or Settings()
    screen = Screen(as_json=settings.as_json)
    findings = asyncio.run(_run(Show(screen), scopes=scopes, seed=seed))
    if settings.as_json:
        screen.answer({**attrs.asdict(findings), "clean": findings.is_clean})
    ctx.exit(DONE if findings.is_clean else REFUSED)


async def _run(show: Show, *, scopes: int, seed: int) -> Findings:
    started_s = time.perf_counter()
    diary = Diary(show)
    show.say(("tmdb-auth demo", "bold"), ": no key, no network, nothing leaves this machine")
    left = await tour(diary)
    skipped = _missing()
    if skipped is None:
        from .zitadel_tour import zitadel_tour  # it needs its extra

        left += await zitadel_tour(diary)
    else:
        show.say()
        show.say(skipped)
    show.say()
    show.say("Sessions left: ", (str(left), "bold red" if left else "bold green"))
    moments = await random_moments_s(scopes, seed=seed)
    with show.progress("try/finally", scopes) as tick:
        hand = await by_hand(moments, tick=tick)
    with show.progress("SessionManager", scopes) as tick:
        manager = await by_manager(moments, tick=tick)
    findings = Findings(
        visits=diary.visits,
        skipped=skipped,
        left=left,
        by_hand=hand,
        manager=manager,
        took_s=round(time.perf_counter() - started_s, 2),
    )
    show.outcomes(findings)
    return findings


def _missing() -> str | None:
    """Say what is missing for the visit to ZITADEL, if anything is."""
    if all(importlib.util.find_spec(library) for library in ("jwt", "cryptography")):
        return None
    return "ZITADEL is not visited, its extra is missing: pip install 'tmdb-auth-async[zitadel]'"
