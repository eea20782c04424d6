"""The wait for a human: where to approve, on this machine or on another, and how long."""

from __future__ import annotations

import math
import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from .. import ApprovalLink, Browser, Link, NotAttempted
from ..approvals.telling import tell
from .countdown import counting, left_s
from .qr import qr_code
from .screen import Screen, bold, writes

_BROWSER_S = 300.0
_AROUND_CODE = 8
"""The lines of a terminal that are not the code's, so that link and countdown stay in sight."""


class Wait:
    """Tells a human where to approve and, on a terminal, counts down until its block ends."""

    def __init__(self, screen: Screen) -> None:
        """Tell it beside the answer of *screen*."""
        self._screen = screen
        self._counting = ExitStack()

    def __enter__(self) -> Self:
        """Tell nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop counting."""
        self._counting.close()

    def link(self) -> Link:
        """Return the approval by a link, for any device."""
        return Link(self._show)

    def browser(self) -> Browser:
        """Return the approval in a browser of this machine."""
        return Browser(open_url=self._open, timeout_s=_BROWSER_S)

    async def _show(self, link: ApprovalLink) -> None:
        self._tell("Open this page, on any device, and approve", link.url, link.expires_at, code=True)

    async def _open(self, url: str) -> None:
        import webbrowser  # only where a browser is to be opened

        if not _has_screen():
            raise _no_browser()
        until = datetime.now(UTC) + timedelta(seconds=_BROWSER_S)
        self._tell("Approve in your browser. If none opens, go to this page, on this machine", url, until, code=False)
        opened = await tell(webbrowser.open, url)
        if not opened:
            self._counting.close()
            raise _no_browser()

    def _tell(self, words: str, url: str, until: datetime, *, code: bool) -> None:
        screen, console = self._screen, self._screen.err
        if not screen.is_live:
            screen.note(f"{words}, within {math.ceil(left_s(until) / 60)} minutes:")
            screen.note(url)
            return
        screen.note(f"{words}:")
        screen.note()
        screen.note(bold(url))
        screen.note()
        drawn = qr_code(url, columns=console.width, lines=console.height - _AROUND_CODE) if code else None
        if drawn is not None and writes(console, drawn.plain):
            console.print(drawn)
            screen.note()
        self._counting.enter_context(counting(console, until))


def _no_browser() -> NotAttempted:
    return NotAttempted("no browser can be opened here: choose --link, for a browser anywhere")


def _has_screen() -> bool:
    """Say whether a browser would have somewhere to show itself: one that takes the terminal is none for us."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(variable) for variable in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
