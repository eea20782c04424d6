"""How the fakes' own tests use a page: they read its form and press its buttons."""

from __future__ import annotations

from html.parser import HTMLParser

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import Reply, ask


class Page(HTMLParser):
    """What a browser makes of a page: its form, hidden fields, buttons and choices."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, bool] = {}
        self.options = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters about a tag."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found["action"]
        elif tag == "input":
            self.fields[found["name"]] = found["value"]
        elif tag == "button":
            self.buttons[found["value"]] = "disabled" not in found
        elif tag == "option":
            self.options += 1


async def press(fake: FakeTMDB, page: Page, button: str, **chosen: str) -> Reply:
    """Post the page's form by one of its buttons, with *chosen* fields besides."""
    form = {**page.fields, "decision": button, **chosen}
    return await ask(fake, "POST", page.action, data=form, bearer=None)


async def open_page(fake: FakeTMDB, path: str, **query: str) -> Page:
    """Open a page that is there, without any credential."""
    reply = await ask(fake, "GET", path, query=query, bearer=None)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return Page(reply.text)
