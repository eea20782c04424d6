"""The commands about kept sessions: `whoami`, `sessions`, `logout`."""

from __future__ import annotations

import shlex

import click

from .. import AppCredential, NotLoggedIn, SessionManager
from .account import ACCOUNT, Account
from .asking import app_credential, confirmed
from .describing import GUEST, UNREADABLE, Described, called, describe, described, resumed
from .options import json_option, name_option, store_option, url_option
from .running import run
from .screen import bold, columns, sentence
from .settings import Settings
from .statuses import NO_ANSWER, REFUSED, Failed
from .teaching import TaughtCommand

_FORGOTTEN = {
    GUEST: " is forgotten, and TMDB lets it expire",
    UNREADABLE: " is forgotten; it could not be read, and its session may stay open at TMDB",
}
"""What becomes of what TMDB is not told to delete, by its kind."""


@click.command(cls=TaughtCommand)
@name_option()
@url_option
@store_option
@json_option
@click.pass_obj
def whoami(settings: Settings, *, name: str) -> None:
    """Ask TMDB whose session is kept."""
    kept, account = run(_whoami(settings, app_credential(), name))
    screen = settings.screen()
    if account is None:
        screen.answer({"username": None, "id": None, "session": kept.data()}, sentence("A guest, until ", kept.ends))
        return
    screen.answer(
        {"username": account.username, "id": account.id, "session": kept.data()},
        sentence(bold(account.username), f", account {account.id}, kept as ", bold(name)),
    )


@click.command(cls=TaughtCommand)
@click.option("--show-id", metavar="NAME", help="Show the secret id of that session, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@url_option
@store_option
@json_option
@click.pass_obj
def sessions(settings: Settings, *, show_id: str | None, yes: bool) -> None:
    """List the sessions that are kept; TMDB is not asked.

    Whoever knows a session's id can act as its user, so --show-id asks first.
    """
    screen = settings.screen()
    if show_id is not None:
        secret = run(_id(settings, show_id))
        if not confirmed(f"Show the secret id of {called(show_id)} here?", yes=yes):
            line = "it is not shown"
            raise Failed(line, REFUSED)
        screen.answer({"name": show_id, "id": secret}, sentence(secret))
        return
    found = run(_sessions(settings))
    if not found:
        screen.note("Nobody is logged in: run tmdb-auth login")
    for one in found:
        if one.kind == UNREADABLE:
            screen.note(f"{one.name} cannot be read: tmdb-auth logout --name {shlex.quote(one.name)} forgets it")
    rows = [(one.name, one.kind, one.ends) for one in found]
    screen.answer({"sessions": [one.data() for one in found]}, *columns(("Name", "Kind", "Ends"), rows))


@click.command(cls=TaughtCommand)
@name_option()
@url_option
@store_option
@json_option
@click.pass_obj
def logout(settings: Settings, *, name: str) -> None:
    """Delete a kept session at TMDB, and forget it."""
    app = app_credential()
    kept, is_closed = run(_logout(settings, app, name))
    if not is_closed:
        whose = called(name)
        line = f"TMDB has not deleted the session of {whose} yet: tmdb-auth recover, or any other command, tries again"
        raise Failed(line, NO_ANSWER)
    what = _FORGOTTEN.get(kept.kind, " is deleted at TMDB")
    data = {**kept.data(), "deleted": kept.kind not in _FORGOTTEN}
    settings.screen().done(data, "Logged out: ", bold(name), what)


async def _whoami(settings: Settings, app: AppCredential, name: str) -> tuple[Described, Account | None]:
    async with settings.manager(app) as manager:
        session = await resumed(manager, name)
        kept = describe(name, session)
        if kept.kind == GUEST:
            return kept, None
        return kept, await session.ask(ACCOUNT)


async def _sessions(settings: Settings) -> list[Described]:
    async with settings.looking() as manager:
        return [await _described(manager, name) for name in await manager.names()]


async def _described(manager: SessionManager, name: str) -> Described:
    try:
        return await described(manager, name)
    except NotLoggedIn:
        return Described(name=name, kind="expired")


async def _id(settings: Settings, name: str) -> str:
    async with settings.looking() as manager:
        session = await resumed(manager, name)
        return session.id or session.access_token or ""


async def _logout(settings: Settings, app: AppCredential, name: str) -> tuple[Described, bool]:
    """Log out, and say of what, and whether that is closed."""
    async with settings.manager(app) as manager:
        kept = await described(manager, name)
        await manager.logout(name)
    return kept, not manager.stats().open_now
