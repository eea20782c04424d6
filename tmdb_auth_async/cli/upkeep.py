"""The commands that look after things: `validate` the app credential, `recover` what a crash left open."""

from __future__ import annotations

import click

from .. import ApiKey, AppCredential, SessionManager, tmdb
from .asking import app_credential
from .options import json_option, store_option, url_option
from .running import run
from .screen import bold
from .settings import TIMEOUT_S, Settings
from .statuses import NO_ANSWER, Failed
from .teaching import TaughtCommand


@click.command(cls=TaughtCommand)
@url_option
@json_option
@click.pass_obj
def validate(settings: Settings) -> None:
    """Ask TMDB whether your read access token or API key is valid."""
    app = app_credential()
    run(_validate(settings, app))
    what = "API key" if isinstance(app, ApiKey) else "read access token"
    url = settings.service.url
    settings.screen().done({"valid": True, "credential": what, "url": url}, f"The {what} is valid at ", bold(url))


@click.command(cls=TaughtCommand)
@url_option
@store_option
@json_option
@click.pass_obj
def recover(settings: Settings) -> None:
    """Delete the sessions that a crashed program left open.

    Every command that asks TMDB does so as it begins; this one says how many there were.
    """
    closed, left = run(_recover(settings, app_credential()))
    if left:
        line = f"{left} of {closed + left} sessions that were left open are not deleted: try again later"
        raise Failed(line, NO_ANSWER, data={"recovered": closed, "left": left})
    settings.screen().done({"recovered": closed, "left": left}, _recovered(closed))


def _recovered(count: int) -> str:
    if not count:
        return "No session was left open"
    return (
        "1 session was left open; it is deleted" if count == 1 else f"{count} sessions were left open; they are deleted"
    )


async def _validate(settings: Settings, app: AppCredential) -> None:
    async with SessionManager(app, service=settings.service, timeout_s=TIMEOUT_S) as manager:
        await manager.ask(tmdb.validate_key())


async def _recover(settings: Settings, app: AppCredential) -> tuple[int, int]:
    """Return how many sessions were deleted, and how many are still to be."""
    manager = settings.manager(app)
    try:
        await manager.recover()
    finally:
        await manager.aclose()
    stats = manager.stats()
    return stats.recovered, stats.open_now
