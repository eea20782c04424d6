"""Where `tmdb-auth` and `python -m tmdb_auth_async` begin."""

from __future__ import annotations

import sys

from .cli.output import written
from .cli.streams import open_streams

_EXTRA = frozenset({"click", "rich", "segno"})
_NOT_CONFIGURED = 2
_INTERRUPTED = 130


def main() -> None:
    """Run the command line; without its extra, say what to install and exit 2."""
    open_streams()
    with written():
        try:
            _run()
        except KeyboardInterrupt:  # while it loads: a command that runs ends by its own status
            print("tmdb-auth: stopped", file=sys.stderr)  # noqa: T201  # as below
            sys.exit(_INTERRUPTED)


def _run() -> None:
    try:
        from .cli.app import commands
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        print(  # noqa: T201  # a command line speaks, and what it speaks by is what is missing
            f"tmdb-auth: the command line needs {error.name}: pip install 'tmdb-auth-async[cli]'", file=sys.stderr
        )
        sys.exit(_NOT_CONFIGURED)
    commands(prog_name="tmdb-auth")


if __name__ == "__main__":
    main()
