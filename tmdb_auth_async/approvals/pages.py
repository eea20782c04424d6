"""The pages that end a login in the browser: what happened, and that the page may be closed."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

import attrs

from ..errors import ApprovalDenied

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What goes with every page: it loads nothing, stays nowhere, and tells nobody its address."""

_SIGNS = {"yes": "M4 12.5l5.5 5.5L20 7", "no": "M6 12h12", "wrong": "M6 6l12 12M18 6L6 18"}


@attrs.frozen
class Page:
    """A page in words: its HTTP status, its tone (`yes`, `no` or `wrong`), its title and one sentence or two."""

    status: int
    tone: str
    title: str
    words: str

    def html(self) -> str:
        """Return the whole page."""
        return _template().substitute(
            title=escape(self.title), words=escape(self.words), tone=self.tone, sign=_SIGNS[self.tone]
        )


APPROVED = Page(200, "yes", "You are logged in", "You can close this page and go back to the program.")
DENIED = Page(200, "no", "You said no", "The program was told so and got nothing. You can close this page.")
FAILED = Page(200, "wrong", "The login did not work", "The program says why. You can close this page.")
NOTHING_HERE = Page(404, "wrong", "Nothing is here", "This address waits for one visitor only.")
NOT_OURS = Page(400, "wrong", "This is not the answer", "A login is waiting here, but not for this visit.")
WRONG_METHOD = Page(405, "wrong", "This cannot be done here", "A login is waiting here for a browser to come back.")


def page_after(error: BaseException | None) -> Page:
    """Return the page for a login that ended with *error*, or well."""
    if error is None:
        return APPROVED
    return DENIED if isinstance(error, ApprovalDenied) else FAILED


@cache
def _template() -> Template:
    return Template(files(__package__ or __name__).joinpath("page.html").read_text(encoding="utf-8"))
