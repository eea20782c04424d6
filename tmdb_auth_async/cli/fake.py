"""The command `fake`: a TMDB on this machine, for programs in any language."""

from __future__ import annotations

import click

from .options import json_option
from .running import Terminated, run
from .settings import Settings
from .statuses import NOT_CONFIGURED, Failed
from .teaching import TaughtCommand


@click.command(cls=TaughtCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen there on 127.0.0.1, not just anywhere.")
@click.option("--zitadel", is_flag=True, help="Serve a ZITADEL beside it.")
@json_option
@click.pass_obj
def fake(settings: Settings, *, port: int, zitadel: bool) -> None:
    """Serve a stand-in for TMDB on this machine until Ctrl-C.

    What a program must know is printed as shell variables: the URL, an app's credentials, a user's name and password,
    and a file for sessions that goes when the fake goes. A terminal shows every request that arrives.
    """
    from .serving import NoPort, serve  # the servers take their time to load

    screen = settings.screen()
    line = None
    try:
        run(serve(screen, port=port, zitadel=zitadel))
    except (KeyboardInterrupt, Terminated):
        pass
    except NoPort as error:
        line = f"port {port} of 127.0.0.1 is not to be had ({error}): choose another --port"
    except OSError as error:
        line = f"the fake cannot be served here: {error.strerror or error}"
    if line is not None:
        raise Failed(line, NOT_CONFIGURED)
    screen.note("The fake is gone, with all it knew.")
