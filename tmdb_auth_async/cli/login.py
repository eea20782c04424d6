"""The commands that log in: `login` for a user, `guest` for nobody in particular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from .. import (
    AppCredential,
    Approval,
    Chain,
    Guest,
    NotConfigured,
    NotLoggedIn,
    Refused,
    RequestTokenLogin,
    Strategy,
    V4Conversion,
    V4Login,
)
from .account import ACCOUNT, Account
from .asking import app_credential, password_login
from .describing import GUEST, Described, called, describe
from .options import json_option, name_option, store_option, url_option
from .running import run
from .screen import bold
from .settings import Settings
from .teaching import TaughtCommand
from .waiting import Wait

Ways = Callable[[Wait], tuple[Approval, ...]]
"""Gives the approvals to try, the first one first."""


@click.command(cls=TaughtCommand)
@click.option("--browser", is_flag=True, help="Approve in a browser of this machine.")
@click.option("--link", is_flag=True, help="Approve on any device, by a link.")
@click.option("--password", is_flag=True, help="Give name and password here, which TMDB discourages.")
@click.option("--v4", is_flag=True, help="Log in by TMDB's v4; the session serves /3/ and /4/.")
@name_option(is_new=True)
@url_option
@store_option
@json_option
@click.pass_obj
def login(settings: Settings, *, browser: bool, link: bool, password: bool, v4: bool, name: str) -> None:
    """Log a user in, and keep the session until `logout`.

    The user approves on TMDB's own website, in the browser of this machine or, where it has none, by a link on any
    other. Nothing is opened for who is logged in already.
    """
    if browser + link + password > 1:
        message = "--browser, --link and --password are ways to approve: choose one"
        raise click.UsageError(message)
    if password and v4:
        message = "--v4 takes no password: approve by --browser or --link"
        raise click.UsageError(message)
    app = app_credential(v4=v4)
    account = run(_already(settings, app, name))
    is_new = account is None
    if account is None:
        ways = _ways(browser=browser, link=link, password=password)
        account = run(_logged_in(settings, app, ways, name=name, v4=v4))
    settings.screen().done(
        {"name": name, "username": account.username, "id": account.id, "opened": is_new},
        "Logged in as " if is_new else "Already logged in as ",
        bold(account.username),
        ", kept as ",
        bold(name),
    )


@click.command(cls=TaughtCommand)
@name_option("guest", is_new=True)
@url_option
@store_option
@json_option
@click.pass_obj
def guest(settings: Settings, *, name: str) -> None:
    """Open a guest session and keep it.

    A guest may rate without an account. TMDB wants one guest session a device, and has no way to delete one: it
    expires within a day.
    """
    kept = run(_guest(settings, app_credential(), name))
    settings.screen().done(kept.data(), "A guest session is kept as ", bold(name), f" until {kept.ends}")


def _ways(*, browser: bool, link: bool, password: bool) -> Ways:
    if password:
        login = password_login()
        return lambda _: (login,)
    if browser:
        return lambda wait: (wait.browser(),)
    if link:
        return lambda wait: (wait.link(),)
    return lambda wait: (wait.browser(), wait.link())


async def _guest(settings: Settings, app: AppCredential, name: str) -> Described:
    """Return the guest session kept under *name*, or a new one."""
    async with settings.manager(app) as manager:
        kept = describe(name, await manager.login(Guest(), name=name))
    if kept.kind != GUEST:
        message = f"{called(name)} is a user's session: choose another --name for the guest's"
        raise NotConfigured(message)
    return kept


async def _already(settings: Settings, app: AppCredential, name: str) -> Account | None:
    """Return who is logged in under *name*; a session that TMDB no longer honours is forgotten."""
    async with settings.manager(app) as manager:
        try:
            session = await manager.resume(name)
            if describe(name, session).kind == GUEST:
                message = f"{called(name)} is a guest's session, which nobody can give back: choose another --name"
                raise NotConfigured(message)
            return await session.ask(ACCOUNT)
        except NotLoggedIn:
            return None
        except Refused as error:
            if not settings.service.is_dead(error):
                raise
        await manager.logout(name)
        return None


async def _logged_in(settings: Settings, app: AppCredential, ways: Ways, *, name: str, v4: bool) -> Account:
    """Open a session in one of *ways* and keep it under *name*."""
    with Wait(settings.screen()) as wait:
        strategies = [V4Conversion(V4Login(way)) if v4 else RequestTokenLogin(way) for way in ways(wait)]
        strategy: Strategy[Any] = strategies[0] if len(strategies) == 1 else Chain(*strategies)
        async with settings.manager(app) as manager:
            session = await manager.login(strategy, name=name)
            return await session.ask(ACCOUNT)
